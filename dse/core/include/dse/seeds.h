/* One accuracy of several, each of the same images and of a device, a training or whatever else a seed decides. */
#ifndef ASX_DSE_SEEDS_H
#define ASX_DSE_SEEDS_H

#include <stddef.h>

#include "dse/accuracy.h"
#include "dse/api.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * The means over seeds, with intervals of 95 % that hold for other seeds and other images.
 *
 * To either side an interval is the root of two squares: the mean half width of one seed's interval, as if all seeds had
 * the same luck with images, and Student's t over the seeds' values; so it is wide rather than narrow (limits put together
 * from parts: G. Zou, A. Donner, Construction of confidence limits about effect measures, Statistics in Medicine 27 (2008)).
 * Of one seed they are its own, and say nothing of others.
 *
 * @param each  [n] of the same tier and images, n > 0
 * @return `correct` is the nearest count
 */
ASX_API asx_accuracy asx_accuracy_of_seeds(const asx_accuracy *each, size_t n);

#ifdef __cplusplus
}
#endif

#endif
