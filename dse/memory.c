#include "dse/memory.h"
