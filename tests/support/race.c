/* Counts in several threads, in every way that the libraries use OpenMP; with an argument also without
 * any order, so that ThreadSanitizer has something to find. */
#include <omp.h>
#include <stdbool.h>
#include <stdio.h>

enum { N_THREADS = 4, N = 20000 };

typedef struct counts {
    long locked, critical, own[N], sum;
    long wild; /* nothing guards it */
    omp_lock_t lock;
} counts;

static void count(counts *c, bool race)
{
#pragma omp parallel num_threads(N_THREADS)
    {
        if (race)
            c->wild++;
#pragma omp for schedule(dynamic)
        for (int i = 0; i < N; i++)
            c->own[i]++;
#pragma omp for schedule(dynamic) /* behind the first loop's barrier */
        for (int i = 0; i < N; i++)
            c->own[N - 1 - i]++;
#pragma omp critical(asx_race)
        c->critical++;
        omp_set_lock(&c->lock);
        c->locked++;
        omp_unset_lock(&c->lock);
    }
    for (int i = 0; i < N; i++) /* behind the end of the parallel region */
        c->sum += c->own[i];
}

int main(int argc, char **argv)
{
    static counts c;
    (void)argv;
    omp_init_lock(&c.lock);
    count(&c, argc > 1);
    count(&c, argc > 1);
    omp_destroy_lock(&c.lock);
    printf("%ld %ld %ld %ld\n", c.locked, c.critical, c.sum, c.wild);
    return c.locked != 2 * N_THREADS || c.critical != 2 * N_THREADS || c.sum != 6L * N;
}
