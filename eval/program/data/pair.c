/* Of two arrays: + - * (times a factor), > the larger, < the smaller; = the first alone. */
static void asx_pair(asx_value *y, const asx_value *a, const asx_value *b, int n, char what,
                     asx_factor f, int64_t low, int64_t high)
{
    for (int i = 0; i < n; i++) {
        const int64_t p = a[i], q = b[i];
        const int64_t v = what == '+'   ? p + q
                          : what == '-' ? p - q
                          : what == '*' ? asx_scaled(p * q, f)
                          : what == '>' ? (p > q ? p : q)
                          : what == '<' ? (p < q ? p : q)
                                        : p;
        y[i] = asx_cut(v, low, high);
    }
}
