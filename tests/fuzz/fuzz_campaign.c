/* Campaign files. */
#include <stdlib.h>

#include "explore/campaign.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    asx_error err = {0};
    asx_campaign *campaign = NULL;
    if (asx_campaign_parse(&campaign, "c.yaml", (const char *)data, size, NULL, &err) != ASX_OK) {
        if (!err.message[0])
            abort();
        return 0;
    }
    asx_campaign_free(campaign);
    return 0;
}
