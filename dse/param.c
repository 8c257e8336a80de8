#include "dse/param.h"
