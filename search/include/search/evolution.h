/* NSGA-II over vectors of small integers that mean whatever the caller evaluates: what the searcher 'nsga2' is for spaces of
 * formats, for genomes that no such space can carry. */
#ifndef ASX_SEARCH_EVOLUTION_H
#define ASX_SEARCH_EVOLUTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dse/api.h"
#include "dse/error.h"
#include "dse/space.h"
#include "dse/text.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum asx_trait_kind {
    ASX_TRAIT_ORDER, /* values lie in an order: neighbours are alike */
    ASX_TRAIT_BITS   /* values are sets of bits: those that differ in a bit are alike */
} asx_trait_kind;

typedef struct asx_trait {
    asx_trait_kind kind;
    uint32_t choices; /* values are 0 .. choices - 1; at most 65536, of bits a power of two */
    asx_gene rest;    /* the value that is tried more often than others: what costs nothing */
    uint32_t block;   /* genes of a block lie together, and may be inherited together */
} asx_trait;

/* Borrowed for the life of the evolution. */
typedef struct asx_evolution_spec {
    const asx_trait *trait; /* [n_genes] */
    size_t n_genes, n_objectives;
    size_t population; /* >= 4 */
    size_t children;   /* of a generation, 1 .. population */
    double crossover;  /* probability that a child has two parents */
    double whole;      /* of these: that blocks are inherited whole, instead of gene by gene */
    double mutations;  /* genes that change, on average, of a child that mutates; >= 1 */
    double resting;    /* probability that a changed gene gets its `rest` */
    uint64_t seed;
    const asx_gene *start; /* [n_start][n_genes]: the first generation */
    size_t n_start;        /* 2 .. population */
} asx_evolution_spec;

/* A child is a function of the seed, its number and the parents there are, so that neither threads nor being resumed
 * matter. */
typedef struct asx_evolution asx_evolution;

/** @return ASX_OK; ASX_ENOMEM; ASX_EINVAL for a spec out of range or a start outside of it. asx_evolution_free */
ASX_API ASX_NODISCARD asx_status asx_evolution_new(asx_evolution **out,
                                                   const asx_evolution_spec *spec, asx_error *err);
ASX_API void asx_evolution_free(asx_evolution *evolution);

/**
 * Breeds the next generation; the start if there was none.
 * @param point  [*n] genomes, borrowed until they are told
 */
ASX_API void asx_evolution_ask(asx_evolution *evolution, const asx_gene ***point, size_t *n);

/**
 * Tells all that was asked, in its order; the fittest of parents and children are the next parents.
 * @param objective  [n][n_objectives], smaller is better
 * @param violation  [n], >= 0; 0: within all limits
 * @return ASX_OK; ASX_ENOMEM; ASX_EINVAL for numbers that are not finite
 */
ASX_API ASX_NODISCARD asx_status asx_evolution_tell(asx_evolution *evolution,
                                                    const double *objective,
                                                    const double *violation, asx_error *err);

/** Children told so far. */
ASX_API uint64_t asx_evolution_told(const asx_evolution *evolution);

/** The parents: how many, and of each genome, objectives and violation; borrowed until the next tell. */
ASX_API size_t asx_evolution_size(const asx_evolution *evolution);
ASX_API const asx_gene *asx_evolution_point(const asx_evolution *evolution, size_t i);
ASX_API const double *asx_evolution_objective(const asx_evolution *evolution, size_t i);
ASX_API double asx_evolution_violation(const asx_evolution *evolution, size_t i);

/** Appends the state between two generations as bytes. */
ASX_API void asx_evolution_print(asx_text *out, const asx_evolution *evolution);

/** Goes on from such bytes, of an evolution of the same spec. @return ASX_OK; ASX_ENOMEM; ASX_EPARSE for other bytes */
ASX_API ASX_NODISCARD asx_status asx_evolution_parse(asx_evolution *evolution, const char *bytes,
                                                     size_t n, asx_error *err);

#ifdef __cplusplus
}
#endif

#endif
