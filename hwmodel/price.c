/* Prices of components, and what happens beyond a technology's rows: refusal. */
#include "price.h"

#include "technology_private.h"

double asx_price_of(const asx_price *price, asx_component component, double x, double y)
{
    const asx_model *model = &price->technology->model[component][price->quantity];
    if (x <= 0 || !asx_component_has(component, price->quantity))
        return 0;
    if (!asx_model_reaches(model, component, x, y) && !(price->extrapolate && model->n_terms > 0)) {
        if (!price->fault->set)
            *price->fault = (asx_fault){true, component, price->quantity, x, y};
        return 0;
    }
    return asx_model_value(model, component, price->quantity, x, y);
}

asx_price asx_price_with(const asx_price *price, asx_quantity quantity)
{
    asx_price out = *price;
    out.quantity = quantity;
    return out;
}

asx_status asx_fault_check(const asx_fault *fault, const asx_technology *technology, asx_error *err)
{
    if (!fault->set)
        return ASX_OK;
    const asx_model *model = &technology->model[fault->component][fault->quantity];
    return asx_fail(err, ASX_EINVAL,
                    "%s:%zu: %s of '%s' at (%g, %g) is beyond the rows in lines %zu to %zu, which "
                    "reach from (%g, %g) to (%g, %g); machine parameter extrapolate=1 allows it",
                    technology->name, model->first_line, asx_quantity_text(fault->quantity),
                    asx_component_text(fault->component), fault->x, fault->y, model->first_line,
                    model->last_line, model->low[0], model->low[1], model->high[0], model->high[1]);
}
