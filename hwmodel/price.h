/* A price: one quantity (energy, area, leakage) of components in one technology. The structure of a
 * unit is written once, in terms of components, and priced in each quantity. */
#ifndef ASX_HWMODEL_PRICE_H
#define ASX_HWMODEL_PRICE_H

#include "component.h"
#include "dse/error.h"
#include "hwmodel/technology.h"

/* The first size that a model does not reach. Formulas run on; the cost is refused at the end. */
typedef struct asx_fault {
    bool set;
    asx_component component;
    asx_quantity quantity;
    double x, y;
} asx_fault;

typedef struct asx_price {
    const asx_technology *technology;
    asx_quantity quantity;
    asx_fault *fault;
    bool extrapolate; /* beyond the rows instead of a fault */
} asx_price;

/** Price of one component of size (x, y); 0 for none of it (x = 0). */
double asx_price_of(const asx_price *price, asx_component component, double x, double y);

/** The same with another quantity. */
asx_price asx_price_with(const asx_price *price, asx_quantity quantity);

/** ASX_OK without a fault, else ASX_EINVAL naming the technology, its rows and the size. */
ASX_NODISCARD asx_status asx_fault_check(const asx_fault *fault, const asx_technology *technology,
                                         asx_error *err);

#endif
