/* Feature tables: a header, one row per item, the class 0 .. K-1 in the last column. */
#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "dataset_samples.h"
#include "dataset_stream.h"
#include "dse/csv.h"
#include "dse/memory.h"

enum { LABEL_MAX = UINT16_MAX };

static asx_status read_rows(float *feature, int32_t *label, const asx_csv *csv, asx_error *err)
{
    size_t n_features = asx_csv_columns(csv) - 1;
    for (size_t row = 0; row < asx_csv_rows(csv); row++) {
        double value;
        for (size_t c = 0; c < n_features; c++) {
            asx_status status =
                asx_csv_number(&value, csv, row, c, -(double)FLT_MAX, (double)FLT_MAX, err);
            if (status)
                return status;
            feature[row * n_features + c] = (float)value;
        }
        asx_status status = asx_csv_number(&value, csv, row, n_features, 0, LABEL_MAX, err);
        if (status)
            return status;
        if (value != floor(value))
            return asx_fail(err, ASX_EPARSE, "%s:%zu: class '%s' is not a whole number",
                            asx_csv_name(csv), asx_csv_line(csv, row),
                            asx_csv_cell(csv, row, n_features));
        label[row] = (int32_t)value;
    }
    return ASX_OK;
}

static asx_status read_table(asx_samples *images, asx_samples *labels, const asx_csv *csv,
                             asx_error *err)
{
    size_t rows = asx_csv_rows(csv), columns = asx_csv_columns(csv);
    if (columns < 2)
        return asx_fail(err, ASX_EPARSE, "'%s': one column is too few for features and a class",
                        asx_csv_name(csv));
    if (rows == 0)
        return asx_fail(err, ASX_EPARSE, "'%s' has a header but no rows", asx_csv_name(csv));
    float *feature = asx_array_new(rows * (columns - 1), sizeof *feature);
    int32_t *label = asx_array_new(rows, sizeof *label);
    asx_status status = feature && label
                            ? read_rows(feature, label, csv, err)
                            : asx_fail(err, ASX_ENOMEM, "no memory for '%s'", asx_csv_name(csv));
    if (status) {
        free(feature);
        free(label);
        return status;
    }
    *images = (asx_samples){ASX_SAMPLE_F32, 2, {rows, columns - 1}, (unsigned char *)feature};
    *labels = (asx_samples){ASX_SAMPLE_I32, 1, {rows}, (unsigned char *)label};
    return ASX_OK;
}

asx_status asx_samples_read_csv(asx_samples *images, asx_samples *labels,
                                const asx_dataset_spec *spec, size_t i, asx_error *err)
{
    unsigned char *bytes = NULL;
    asx_csv *csv = NULL;
    size_t n;
    asx_status status = asx_stream_read_data(&bytes, &n, spec->file[i], err);
    if (!status)
        status = asx_csv_parse(&csv, spec->file[i], (const char *)bytes, n, err);
    if (!status)
        status = read_table(images, labels, csv, err);
    asx_csv_free(csv);
    free(bytes);
    return status;
}
