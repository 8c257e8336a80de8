/* A box of elements. */
typedef struct asx_box {
    int n[4], to, to_stride[4], from, from_stride[4];
} asx_box;

static void asx_move(asx_value *y, const asx_value *x, const asx_box *b)
{
    for (int i = 0; i < b->n[0]; i++)
        for (int j = 0; j < b->n[1]; j++)
            for (int k = 0; k < b->n[2]; k++)
                for (int m = 0; m < b->n[3]; m++)
                    y[b->to + i * b->to_stride[0] + j * b->to_stride[1] + k * b->to_stride[2] +
                      m * b->to_stride[3]] =
                        x[b->from + i * b->from_stride[0] + j * b->from_stride[1] +
                          k * b->from_stride[2] + m * b->from_stride[3]];
}
