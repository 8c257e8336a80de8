/* What visitors see of the house. */
#ifndef HOUSE_H
#define HOUSE_H

#include <dse/api.h>

#include "dse/api.h"

#ifdef __cplusplus
extern "C" {
#endif

ASX_API int house_height(void);

#ifdef __cplusplus
}
#endif

#endif
