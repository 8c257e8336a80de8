#include "dse/number.h"
