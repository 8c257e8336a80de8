/* How every command ends. */
#include "cmd.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "crew.h"

int cmd_end(asx_status status, const asx_error *err)
{
    if (status == ASX_OK)
        return CMD_OK;
    const char *why = err->message[0] ? err->message : asx_status_text(status);
    crew_refuse(why);
    if (!crew_has_said(why))
        fprintf(stderr, "asx: %s\n", why);
    return status == ASX_EINTERRUPTED ? CMD_STOPPED : CMD_FAILURE;
}

int cmd_end_text(void)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return CMD_OK;
    fprintf(stderr, "asx: cannot write: %s\n", strerror(errno));
    return CMD_FAILURE;
}
