#include "dse/codec.h"
