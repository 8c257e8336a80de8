/* The placements there are; each is a place_*.c. */
#include "machine_private.h"

const asx_placement_type *const asx_placements[ASX_N_PLACEMENTS] = {
    [ASX_PLACEMENT_VN] = &asx_place_vn,
    [ASX_PLACEMENT_NEAR] = &asx_place_near,
    [ASX_PLACEMENT_IN] = &asx_place_in,
};
