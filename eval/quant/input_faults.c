#include "input_faults.h"

#include <stdlib.h>

#include "dse/memory.h"
#include "dse/seed.h"

struct asx_input_faults {
    asx_reading *reading;
    asx_stuck stuck;
    bool non_negative;
    size_t n_words;
    double flips;
    uint64_t seed, stream;
};

asx_status asx_input_faults_new(asx_input_faults **out, const asx_word *word, size_t n_words,
                                const asx_cell_faults *faults, uint64_t seed, uint64_t stream,
                                asx_error *err)
{
    asx_input_faults *f = asx_array_new(1, sizeof *f);
    if (!f)
        return asx_fail(err, ASX_ENOMEM, "no memory for faults of input words");
    *f = (asx_input_faults){.non_negative = word->non_negative,
                            .n_words = n_words,
                            .flips = faults->flips,
                            .seed = seed,
                            .stream = stream};
    asx_status status = asx_reading_new(&f->reading, word, ASX_CODE_INDEX, NULL, err);
    if (status == ASX_OK)
        status = asx_stuck_init(&f->stuck, n_words, asx_reading_bits(f->reading), faults, seed,
                                stream, err);
    if (status != ASX_OK) {
        asx_input_faults_free(f);
        return status;
    }
    *out = f;
    return ASX_OK;
}

void asx_input_faults_free(asx_input_faults *faults)
{
    if (!faults)
        return;
    asx_reading_free(faults->reading);
    asx_stuck_fini(&faults->stuck);
    free(faults);
}

/* Reads of another image or step flip other bits. */
static void read_image(int32_t *word, const asx_input_faults *f, size_t image, const asx_node *node)
{
    const uint64_t time = asx_seed_bits(f->stream, (uint64_t)image, (uint64_t)node->repeat);
    asx_faults_read(word, f->n_words, f->reading, &f->stuck, f->flips, f->seed, time);
}

asx_status asx_input_faults_bytes(uint8_t *word, const asx_input_faults *faults,
                                  const asx_frame *frame, const asx_node *node, asx_error *err)
{
    const size_t n = faults->n_words;
    int32_t *image = asx_array_new(n, sizeof *image);
    if (!image)
        return asx_fail(err, ASX_ENOMEM, "no memory for %zu words", n);
    for (size_t k = 0; k < frame->n_images; k++) {
        uint8_t *of = word + k * n;
        for (size_t i = 0; i < n; i++)
            image[i] = faults->non_negative ? (int32_t)of[i] : (int32_t)(int8_t)of[i];
        read_image(image, faults, frame->first_image + k, node);
        for (size_t i = 0; i < n; i++)
            of[i] = (uint8_t)image[i];
    }
    free(image);
    return ASX_OK;
}

asx_status asx_input_faults_floats(float *word, const asx_input_faults *faults,
                                   const asx_frame *frame, const asx_node *node, asx_error *err)
{
    const size_t n = faults->n_words;
    int32_t *image = asx_array_new(n, sizeof *image);
    if (!image)
        return asx_fail(err, ASX_ENOMEM, "no memory for %zu words", n);
    for (size_t k = 0; k < frame->n_images; k++) {
        float *of = word + k * n;
        for (size_t i = 0; i < n; i++)
            image[i] = (int32_t)of[i];
        read_image(image, faults, frame->first_image + k, node);
        for (size_t i = 0; i < n; i++)
            of[i] = (float)image[i];
    }
    free(image);
    return ASX_OK;
}
