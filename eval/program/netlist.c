#include "eval/netlist.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dse/file.h"

enum { FILE_MAX = 1 << 24, DEPTH_MAX = 16, USES_MAX = 2048 };

/* Modules that hold others. */
typedef struct use {
    size_t parent;
    char child[ASX_NETLIST_NAME_MAX];
    double n;
} use;

typedef struct reader {
    asx_netlist *net;
    use *uses;
    size_t n_uses;
    bool inside; /* a module's section, not that of the whole hierarchy */
} reader;

/* Yosys' cells and their gates; the first that begins a name counts. */
static const struct {
    const char *begin;
    double gates;
} GATES[] = {{"$_NOT_", 0.67},  {"$_NAND_", 1},      {"$_NOR_", 1},      {"$_AND_", 1.33},
             {"$_OR_", 1.33},   {"$_ANDNOT_", 1.33}, {"$_ORNOT_", 1.33}, {"$_AOI3_", 1.33},
             {"$_OAI3_", 1.33}, {"$_XOR_", 2},       {"$_XNOR_", 2},     {"$_MUX_", 2.33}};

static bool begins(const char *text, const char *begin)
{
    return strncmp(text, begin, strlen(begin)) == 0;
}

static bool is_flip_flop(const char *cell)
{
    return cell[0] == '$' && strstr(cell, "DFF");
}

static double gates_of(const char *cell)
{
    if (is_flip_flop(cell))
        return 5.67 + (strstr(cell, "E_") ? 2.33 : 0);
    for (size_t i = 0; i < sizeof GATES / sizeof *GATES; i++)
        if (begins(cell, GATES[i].begin))
            return GATES[i].gates;
    return 0;
}

/* What a module is without its parameters: "$paramod\asx_scaler\TOTAL=..." is asx_scaler. */
static void base_of(char base[ASX_NETLIST_NAME_MAX], const char *name)
{
    const char *at = strstr(name, "asx_");
    at = at ? at : name;
    const size_t n = strspn(at, "abcdefghijklmnopqrstuvwxyz_0123456789");
    memcpy(base, at, n);
    base[n] = '\0';
}

static asx_status begin_module(reader *r, const char *name, size_t line, asx_error *err)
{
    r->inside = !begins(name, "design hierarchy");
    if (!r->inside)
        return ASX_OK;
    if (r->net->n_modules == ASX_NETLIST_MODULES_MAX)
        return asx_fail(err, ASX_EPARSE, "line %zu: more than %d modules", line,
                        ASX_NETLIST_MODULES_MAX);
    asx_netlist_module *m = &r->net->module[r->net->n_modules];
    *m = (asx_netlist_module){.parent = r->net->n_modules++};
    snprintf(m->name, sizeof m->name, "%.*s", (int)strcspn(name, " "), name);
    base_of(m->base, m->name);
    return ASX_OK;
}

static asx_status add_cells(reader *r, const char *cell, double n, size_t line, asx_error *err)
{
    asx_netlist_module *m = &r->net->module[r->net->n_modules - 1];
    if (strstr(cell, "asx_")) {
        if (r->n_uses == USES_MAX)
            return asx_fail(err, ASX_EPARSE, "line %zu: more than %d modules in modules", line,
                            USES_MAX);
        use *u = &r->uses[r->n_uses++];
        *u = (use){.parent = r->net->n_modules - 1, .n = n};
        snprintf(u->child, sizeof u->child, "%s", cell);
        return ASX_OK;
    }
    m->cells += n;
    m->gates += n * gates_of(cell);
    m->flip_flops += is_flip_flop(cell) ? n : 0;
    return ASX_OK;
}

static asx_status read_line(reader *r, char *line, size_t number, asx_error *err)
{
    char name[ASX_NETLIST_NAME_MAX];
    double n = 0;
    if (begins(line, "=== "))
        return begin_module(r, line + 4, number, err);
    if (!r->inside || r->net->n_modules == 0)
        return ASX_OK;
    const char *area = strstr(line, "Chip area for module");
    const char *colon = area ? strrchr(area, ':') : NULL;
    if (colon) {
        r->net->module[r->net->n_modules - 1].area_um2 = strtod(colon + 1, NULL);
        r->net->has_area = true;
        return ASX_OK;
    }
    /* "     $_MUX_                         61": two words, the second a number; with areas a third */
    if (strchr(line, ':') || sscanf(line, "%159s %lf", name, &n) != 2 || n < 0)
        return ASX_OK;
    return add_cells(r, name, n, number, err);
}

static size_t find(const asx_netlist *net, const char *name)
{
    for (size_t i = 0; i < net->n_modules; i++)
        if (strcmp(net->module[i].name, name) == 0)
            return i;
    return net->n_modules;
}

/* From the top downwards, a level at a time. */
static asx_status count_instances(reader *r, asx_error *err)
{
    asx_netlist *net = r->net;
    double next[ASX_NETLIST_MODULES_MAX];
    const size_t top = find(net, "asx_machine");
    if (top == net->n_modules)
        return asx_fail(err, ASX_EINVAL, "there is no module 'asx_machine'");
    for (int level = 0; level < DEPTH_MAX; level++) {
        for (size_t i = 0; i < net->n_modules; i++)
            next[i] = i == top;
        for (size_t k = 0; k < r->n_uses; k++) {
            const size_t child = find(net, r->uses[k].child);
            if (child == net->n_modules) /* a black box */
                continue;
            net->module[child].parent = r->uses[k].parent;
            next[child] += net->module[r->uses[k].parent].instances * r->uses[k].n;
        }
        for (size_t i = 0; i < net->n_modules; i++)
            net->module[i].instances = next[i];
    }
    return ASX_OK;
}

asx_status asx_netlist_read(asx_netlist *out, const char *path, asx_error *err)
{
    char *text = NULL;
    size_t n = 0, number = 0;
    asx_status status = asx_file_read(&text, &n, path, FILE_MAX, err);
    asx_netlist *net = calloc(1, sizeof *net);
    reader r = {.net = net, .uses = calloc(USES_MAX, sizeof *r.uses)};
    if (status == ASX_OK && (!net || !r.uses))
        status = asx_fail(err, ASX_ENOMEM, "no memory for a netlist");
    for (char *line = text, *end; status == ASX_OK && line && *line; line = end) {
        end = line + strcspn(line, "\n");
        if (*end)
            *end++ = '\0';
        status = read_line(&r, line, ++number, err);
    }
    if (status == ASX_OK)
        status = count_instances(&r, err);
    if (status == ASX_OK)
        *out = *net;
    free(net);
    free(r.uses);
    free(text);
    return status;
}
