static void asx_fill(asx_value *y, int n, asx_value v)
{
    for (int i = 0; i < n; i++)
        y[i] = v;
}
