/* Loops that compilers turn into vector code, and the rounding that goes with them. Private. */
#ifndef ASX_EVAL_VECTOR_H
#define ASX_EVAL_VECTOR_H

/* Compiled for several instruction sets, the best one chosen when the program starts. All give the
 * same numbers: products and sums are never contracted. Address sanitizers are not ready when that
 * choice is made. */
#if defined __x86_64__ && defined __GNUC__ && !defined __clang__ && !defined __SANITIZE_ADDRESS__
#define ASX_VECTORISED __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define ASX_VECTORISED
#endif

/* The integer nearest to v, half to even; |v| < 2^22. In the binade of 3 x 2^22 floats are
 * integers, so the sum is rounded there. */
static inline float asx_to_integer(float v)
{
    return (v + 12582912.0f) - 12582912.0f;
}

#endif
