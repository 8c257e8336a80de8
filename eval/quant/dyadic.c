#include "eval/dyadic.h"

#include <math.h>

asx_dyadic asx_dyadic_of(double real, unsigned bits)
{
    int exponent = 0;
    if (!(real > 0))
        return (asx_dyadic){0};
    (void)frexp(real, &exponent); /* 2^(exponent - 1) <= real < 2^exponent */
    int shift = (int)bits - exponent;
    shift = shift < ASX_DYADIC_SHIFT_MAX ? shift : ASX_DYADIC_SHIFT_MAX;
    uint32_t multiplier = (uint32_t)rint(ldexp(real, shift));
    if (multiplier >> bits) { /* rounded up to the next power of two */
        multiplier /= 2;
        shift--;
    }
    return (asx_dyadic){multiplier, shift};
}

double asx_dyadic_real(asx_dyadic factor)
{
    return ldexp(factor.multiplier, -factor.shift);
}

/* The product has up to 77 bits. Its nearest double is half-way between two integers only where the
 * product is that, or missed it by less than the double can tell: then the rest decides. */
double asx_dyadic_scale(double v, double factor, double low, double high)
{
    const double product = v * factor, rest = fma(v, factor, -product);
    double integer = rint(product);
    if (rest != 0 && fabs(product - integer) == 0.5)
        integer = rest > 0 ? ceil(product) : floor(product);
    return fmax(low, fmin(integer, high));
}
