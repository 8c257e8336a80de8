/* Statuses and error messages. */
#include "dse/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "dse/tame.h"

const char *asx_status_text(asx_status status)
{
    switch (status) {
#define ASX_ENUM(name, value, text)                                                                \
    case name:                                                                                     \
        return text;
        ASX_STATUS_LIST(ASX_ENUM)
#undef ASX_ENUM
    }
    return "unknown status";
}

asx_status(asx_fail)(asx_error *err, asx_status status, const char *format, ...)
{
    if (!err)
        return status;
    /* formatted aside: an argument may point into err->message */
    char message[ASX_ERROR_MAX];
    va_list args;
    va_start(args, format);
    if (vsnprintf(message, sizeof message, format, args) < 0)
        message[0] = '\0';
    va_end(args);
    asx_text_tame(message); /* quoted input may hold anything; a message stays one line */
    err->status = status;
    memcpy(err->message, message, sizeof message);
    return status;
}

asx_status asx_fail_context(asx_error *err, asx_status status, const char *format, ...)
{
    if (!err)
        return status;
    char context[ASX_ERROR_MAX];
    va_list args;
    va_start(args, format);
    if (vsnprintf(context, sizeof context, format, args) < 0)
        context[0] = '\0';
    va_end(args);
    return asx_fail(err, status, "%s: %s", context, err->message);
}
