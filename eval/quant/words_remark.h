/* Words with remarks on what a layer computes with beside them. Private. */
#ifndef ASX_EVAL_WORDS_REMARK_H
#define ASX_EVAL_WORDS_REMARK_H

#include "dse/output.h"
#include "dse/text.h"
#include "eval/words.h"
#include "rounded.h"

/* What a program knows of its layers beside a network; NULL: nothing. */
typedef struct asx_words_remark {
    /* Adds lines "// input", "// factor", "// bias", "// output" behind a layer's scales. */
    void (*add)(asx_text *text, const void *of, size_t layer);
    /* A layer's words, borrowed, however they were rounded. Without a program they are the nearest. */
    const asx_rounded *(*rounded)(const void *of, size_t layer);
    const void *of;
} asx_words_remark;

/** @param keep  as of asx_output_write */
ASX_NODISCARD asx_status asx_words_write_with(const asx_network *network, const asx_design *design,
                                              const asx_words_remark *remark, const char *path,
                                              const asx_kept_file *keep, asx_error *err);

#endif
