#include "picture_options.h"

asx_status option_check_picture(const char *path, asx_error *err)
{
    asx_plot_format format;
    return asx_plot_format_from_path(&format, path, err);
}

int picture_apply(asx_plot_options *plot, const picture_size *wanted, const option_usage *usage)
{
    const bool sized = wanted->size || wanted->width_cm > 0;
    asx_error err = {0};
    if (plot->path && asx_plot_format_from_path(&plot->format, plot->path, &err) != ASX_OK)
        return option_misused(usage, "%s", err.message);
    if (wanted->size && wanted->width_cm > 0)
        return option_misused(usage, "one of '--size' and '--width'");
    if (sized && !plot->path)
        return option_misused(usage, "options '--size' and '--width' want '--output' too");
    if (sized && (plot->format == ASX_PLOT_TEXT || plot->format == ASX_PLOT_CSV))
        return option_misused(usage, "options '--size' and '--width' are for .svg, .png and .pdf");
    if (wanted->width_cm > 0)
        plot->width_cm = wanted->width_cm;
    else if (wanted->size)
        plot->width_cm = *wanted->size == 'c' ? ASX_PLOT_COLUMN_CM : ASX_PLOT_PAGE_CM;
    return 0;
}
