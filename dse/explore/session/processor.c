#include "processor.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

/* "model name\t: Some Processor" */
static bool read_cpuinfo(char out[ASX_PROCESSOR_SIZE])
{
    char line[256];
    bool found = false;
    FILE *f = fopen("/proc/cpuinfo", "r");
    while (f && !found && fgets(line, sizeof line, f)) {
        const char *value = strncmp(line, "model name", 10) == 0 ? strchr(line, ':') : NULL;
        if (!value)
            continue;
        value += 1 + strspn(value + 1, " ");
        snprintf(out, ASX_PROCESSOR_SIZE, "%.*s", (int)strcspn(value, "\n"), value);
        found = *out != '\0';
    }
    if (f)
        fclose(f);
    return found;
}

void asx_processor_name(char out[ASX_PROCESSOR_SIZE])
{
    struct utsname system;
    if (!read_cpuinfo(out))
        snprintf(out, ASX_PROCESSOR_SIZE, "%s", uname(&system) == 0 ? system.machine : "");
}
