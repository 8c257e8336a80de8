#include "dse/grid.h"
