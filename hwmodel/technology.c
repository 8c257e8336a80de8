#include "dse/error.h"
