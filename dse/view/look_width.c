/* How wide a line may be. */
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "look.h"

enum { NARROWEST = 20, WIDEST = 10000 };

size_t look_width(FILE *out)
{
    struct winsize size = {0};
    const char *columns = getenv("COLUMNS");
    const int fd = fileno(out);
    const long said = columns ? strtol(columns, NULL, 10) : 0;
    if (said >= NARROWEST && said <= WIDEST)
        return (size_t)said;
    return fd >= 0 && isatty(fd) && ioctl(fd, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}
