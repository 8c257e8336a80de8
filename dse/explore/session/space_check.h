/* Whether a machine can be priced for all words of a design space. */
#ifndef ASX_EXPLORE_SPACE_CHECK_H
#define ASX_EXPLORE_SPACE_CHECK_H

#include "dse/space.h"
#include "hwmodel/machine.h"

/**
 * Costs one format of every pair of word lengths and kinds, at every placement, so that a word
 * which the technology does not reach is refused before a search and not in the middle of it.
 * @return ASX_OK; ASX_ENOMEM; as asx_machine_cost
 */
ASX_NODISCARD asx_status asx_space_check_costs(const asx_space *space, const asx_machine *machine,
                                               asx_error *err);

#endif
