#include "param_list.h"

#include <math.h>

static void add(table *t, const char *thing, const char *name, const double number[3],
                const char *about)
{
    table_text(t, thing);
    table_text(t, name);
    for (int i = 0; i < 3; i++)
        table_number(t, number[i]);
    table_text(t, about);
}

void param_list_add(table *t, const char *thing, const char *name, const char *about)
{
    add(t, thing, name, (const double[]){NAN, NAN, NAN}, about);
}

void param_list_add_all(table *t, const char *thing, const asx_param_spec *params)
{
    for (const asx_param_spec *p = params; p && p->name; p++)
        add(t, thing, p->name, (const double[]){p->value, p->low, p->high}, p->help);
}
