/* Products of matrices by oneDNN, on the calling thread. */
#include <omp.h>
#include <oneapi/dnnl/dnnl.h>

#include "dnn.h"
#include "dse/memory.h"

asx_status asx_dnn_product(float *out, const asx_dnn_factor *a, const asx_dnn_factor *b,
                           size_t rows, asx_error *err)
{
    const int threads = omp_get_max_threads();
    if (!asx_memory_spare(ASX_DNN_SPARE))
        return asx_fail(err, ASX_ENOMEM, "no memory for a product of %zu rows", rows);
    omp_set_num_threads(1);
    const dnnl_status_t status = dnnl_sgemm(
        'T', 'N', (dnnl_dim_t)a->columns, (dnnl_dim_t)b->columns, (dnnl_dim_t)rows, 1, a->x,
        (dnnl_dim_t)a->stride, b->x, (dnnl_dim_t)b->stride, 0, out, (dnnl_dim_t)b->columns);
    omp_set_num_threads(threads);
    if (status == dnnl_out_of_memory)
        return asx_fail(err, ASX_ENOMEM, "no memory for a product of %zu rows", rows);
    return status ? asx_fail(err, ASX_EUNSUPPORTED, "product of %zu rows: oneDNN reports status %d",
                             rows, (int)status)
                  : ASX_OK;
}
