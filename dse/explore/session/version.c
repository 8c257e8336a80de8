/* The only file that is compiled anew with every commit. */
#include "explore/version.h"

#include "version_text.h"

const char *asx_version(void)
{
    return ASX_VERSION;
}

const char *asx_build(void)
{
    return ASX_BUILD;
}
