/* Loops that compilers turn into vector code. */
#ifndef ASX_DSE_VECTORISED_H
#define ASX_DSE_VECTORISED_H

/* Compiled for several instruction sets, the best one chosen when the program starts. All give the
 * same numbers: products and sums are never contracted. Address sanitizers are not ready when that
 * choice is made. */
#if defined __x86_64__ && defined __GNUC__ && !defined __clang__ && !defined __SANITIZE_ADDRESS__
#define ASX_VECTORISED __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define ASX_VECTORISED
#endif

#endif
