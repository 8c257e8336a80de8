#include "dse/space.h"
