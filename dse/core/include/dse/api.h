/* What every declaration of a public header may carry. */
#ifndef ASX_DSE_API_H
#define ASX_DSE_API_H

#ifdef __cplusplus
extern "C" {
#endif

/* ASX_API: on each function and table of a public header. Shared libraries are built with hidden
 * visibility, so that nothing else of them can be linked. */
#if defined(__GNUC__)
#define ASX_API                __attribute__((visibility("default")))
#define ASX_NODISCARD          __attribute__((warn_unused_result))
#define ASX_PRINTF(fmt, first) __attribute__((format(printf, fmt, first)))
#else
#define ASX_API
#define ASX_NODISCARD
#define ASX_PRINTF(fmt, first)
#endif

#ifdef __cplusplus
}
#endif

#endif
