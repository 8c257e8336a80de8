/* What is asked of an evolution of bespoke classifiers, in the words of a command line or of a campaign file. */
#ifndef ASX_EXPLORE_BESPOKE_REQUEST_H
#define ASX_EXPLORE_BESPOKE_REQUEST_H

#include <stddef.h>
#include <stdint.h>

#include "dse/api.h"
#include "dse/csv.h"
#include "dse/error.h"
#include "dse/param.h"
#include "dse/text.h"
#include "eval/bespoke_table.h"
#include "hwmodel/bespoke.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { ASX_BESPOKE_SEEDS_MAX = 16, ASX_BESPOKE_HIDDEN_MAX = 2 };

/* What is to be small beside the points lost: {enumerator, name, what it is}. */
#define ASX_BESPOKE_AIM_LIST(X)                                                                    \
    X(ASX_BESPOKE_AREA, "area", "of the cells")                                                    \
    X(ASX_BESPOKE_POWER, "power", "with the leakage of the cells")

typedef enum asx_bespoke_aim {
#define ASX_ENUM(name, text, help) name,
    ASX_BESPOKE_AIM_LIST(ASX_ENUM)
#undef ASX_ENUM
        ASX_N_BESPOKE_AIMS
} asx_bespoke_aim;

ASX_API const char *asx_bespoke_aim_text(asx_bespoke_aim aim);

/* Texts and files are borrowed. */
typedef struct asx_bespoke_request {
    const char *const *file; /* [n_files] CSV, one after the other; none: a table is drawn */
    size_t n_files;
    const char *label; /* the column of the class, by name or position; NULL: found */
    asx_csv_header_rule header;
    size_t hidden[ASX_BESPOKE_HIDDEN_MAX]; /* neurons; the last 0: one hidden layer */
    unsigned bits;                         /* of every feature */
    double share[ASX_BESPOKE_N_PARTS];     /* of rows; need not add up to 1 */
    uint64_t evaluations;
    uint64_t seed[ASX_BESPOKE_SEEDS_MAX]; /* [n_seeds]: each is an evolution of its own */
    size_t n_seeds;
    asx_params params;      /* of asx_bespoke_params */
    const char *technology; /* a library of cells, or its path */
    asx_bespoke_build build;
    asx_bespoke_aim aim;
    double power_max_mw; /* of the designs that are chosen; 0: any */
} asx_bespoke_request;

/* What can be set of training and evolution by name. */
ASX_API extern const asx_param_spec asx_bespoke_params[];

/** What holds where nothing is said: a drawn table, one seed. */
ASX_API asx_bespoke_request asx_bespoke_request_default(void);

/** "3" or "5,4": whole numbers from 1 to 4096. @return ASX_OK; ASX_EPARSE or ASX_EINVAL with what is allowed */
ASX_API ASX_NODISCARD asx_status asx_bespoke_hidden_parse(size_t out[ASX_BESPOKE_HIDDEN_MAX],
                                                          const char *text, asx_error *err);

/** "56:14:30": shares to learn from, to choose by, to report on. @return ASX_OK; ASX_EPARSE */
ASX_API ASX_NODISCARD asx_status asx_bespoke_split_parse(double out[ASX_BESPOKE_N_PARTS],
                                                         const char *text, asx_error *err);

/** @return ASX_OK; ASX_EINVAL for fewer designs than a population has, with both numbers */
ASX_API ASX_NODISCARD asx_status asx_bespoke_request_check(const asx_bespoke_request *request,
                                                           asx_error *err);

/** Appends the command that does the same with one of the seeds; what has no effect on what is found and chosen is left
 *  out, and so are parameters at their defaults. */
ASX_API void asx_bespoke_request_print(asx_text *text, const asx_bespoke_request *request,
                                       uint64_t seed);

#ifdef __cplusplus
}
#endif

#endif
