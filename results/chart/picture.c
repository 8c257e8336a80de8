/* What is known of a picture's points: where they are shown, and by which name. */
#include "picture.h"

#include <stdio.h>
#include <string.h>

double asx_picture_x(const picture *p, size_t i)
{
    return asx_evaluation_objective(p->point[i].evaluation, p->options->x) / p->x.factor;
}

double asx_picture_y(const picture *p, size_t i)
{
    return asx_evaluation_objective(p->point[i].evaluation, p->options->y) / p->y.factor;
}

const char *asx_picture_text(const asx_plot_point *point)
{
    return point->name ? point->name : point->design;
}

size_t asx_picture_name(char out[PICTURE_NAME_MAX + 1], const char *design)
{
    const char *formats = strchr(design, ' '), *others = NULL;
    size_t n = strlen(design), n_others = 0;
    if (n <= PICTURE_NAME_MAX) {
        memcpy(out, design, n + 1);
        return n;
    }
    /* the format of most layers, and how many differ */
    others = formats ? strchr(formats + 1, ' ') : NULL;
    for (const char *s = others; s; s = strchr(s + 1, ' '))
        n_others++;
    snprintf(out, PICTURE_NAME_MAX + 1, "%.*s +%zu",
             others ? (int)(others - design) : PICTURE_NAME_MAX - 4, design, n_others);
    return strlen(out);
}
