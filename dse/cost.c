#include "dse/cost.h"
