/* Statuses and error messages: how every function of asx reports failure. */
#ifndef ASX_DSE_ERROR_H
#define ASX_DSE_ERROR_H

#include "dse/api.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One row per status: the enum and the texts are both expanded from here. */
#define ASX_STATUS_LIST(X)                                                                         \
    X(ASX_OK, 0, "ok")                                                                             \
    X(ASX_EINVAL, -1, "invalid argument")                                                          \
    X(ASX_ENOMEM, -2, "out of memory")                                                             \
    X(ASX_EIO, -3, "input/output error")                                                           \
    X(ASX_EPARSE, -4, "malformed input")                                                           \
    X(ASX_ENOTFOUND, -5, "not found")                                                              \
    X(ASX_EDB, -6, "database error")                                                               \
    X(ASX_EUNSUPPORTED, -7, "not supported")                                                       \
    X(ASX_EINTERRUPTED, -8, "interrupted")                                                         \
    X(ASX_EOUTSIDE, -9, "not in the space")

typedef enum asx_status {
#define ASX_ENUM(name, value, text) name = value,
    ASX_STATUS_LIST(ASX_ENUM)
#undef ASX_ENUM
} asx_status;

enum { ASX_ERROR_MAX = 512 };

/* Filled on failure only. Owned by the caller; any function that takes one accepts NULL. */
typedef struct asx_error {
    asx_status status;
    char message[ASX_ERROR_MAX];
} asx_error;

/** The text of a status; never NULL. */
ASX_API const char *asx_status_text(asx_status status);

/**
 * Records a failure: `status` and the formatted message go to `err` (may be NULL).
 *
 * Messages: one line, lower case, what failed first, the subject in single quotes, the offending
 * value and the allowed range, `file:line:` in front for input files; of failed allocations "no
 * memory for" what. Too long a message is cut.
 *
 * @return `status`, so that `return asx_fail(err, ASX_EINVAL, ...)` is the idiom
 */
ASX_API asx_status asx_fail(asx_error *err, asx_status status, const char *format, ...)
    ASX_PRINTF(3, 4);

/* Compilers cannot see that asx_fail returns its `status`, and would warn of outputs that only a
 * failure leaves unset. Evaluates `status` twice. */
#define asx_fail(err, status, ...) (asx_fail((err), (status), __VA_ARGS__), (status))

/** Puts the formatted text and ": " in front of the message already in `err`; returns its status.
 */
ASX_API asx_status asx_fail_context(asx_error *err, asx_status status, const char *format, ...)
    ASX_PRINTF(3, 4);

#ifdef __cplusplus
}
#endif

#endif
