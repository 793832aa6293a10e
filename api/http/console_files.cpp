#include "api/http/console_files.hpp"

#include <algorithm>
#include <span>

#include "api/http/examples.hpp"
#include "core/sha256.hpp"
#include "core/text.hpp"

namespace vitrine::api {
namespace {

constexpr unsigned char index_html[] = {
#embed "../../console/index.html"
};
constexpr unsigned char palette_css[] = {
#embed "../../console/palette.css"
};
constexpr unsigned char style_css[] = {
#embed "../../console/style.css"
};
constexpr unsigned char app_js[] = {
#embed "../../console/app.js"
};
constexpr unsigned char api_js[] = {
#embed "../../console/api.js"
};
constexpr unsigned char stream_js[] = {
#embed "../../console/stream.js"
};
constexpr unsigned char words_js[] = {
#embed "../../console/words.js"
};
constexpr unsigned char tab_js[] = {
#embed "../../console/tab.js"
};
constexpr unsigned char dom_js[] = {
#embed "../../console/dom.js"
};
constexpr unsigned char format_js[] = {
#embed "../../console/format.js"
};
constexpr unsigned char chart_js[] = {
#embed "../../console/chart.js"
};
constexpr unsigned char facts_js[] = {
#embed "../../console/facts.js"
};
constexpr unsigned char list_js[] = {
#embed "../../console/list.js"
};
constexpr unsigned char state_js[] = {
#embed "../../console/state.js"
};
constexpr unsigned char pages_js[] = {
#embed "../../console/pages.js"
};
constexpr unsigned char quote_js[] = {
#embed "../../console/quote.js"
};
constexpr unsigned char prices_js[] = {
#embed "../../console/prices.js"
};
constexpr unsigned char price_lists_js[] = {
#embed "../../console/price_lists.js"
};
constexpr unsigned char given_js[] = {
#embed "../../console/given.js"
};
constexpr unsigned char shop_words_js[] = {
#embed "../../console/shop_words.js"
};
constexpr unsigned char checkouts_js[] = {
#embed "../../console/checkouts.js"
};
constexpr unsigned char orders_js[] = {
#embed "../../console/orders.js"
};
constexpr unsigned char offers_js[] = {
#embed "../../console/offers.js"
};
constexpr unsigned char offer_js[] = {
#embed "../../console/offer.js"
};
constexpr unsigned char timeline_js[] = {
#embed "../../console/timeline.js"
};
constexpr unsigned char figures_js[] = {
#embed "../../console/figures.js"
};
constexpr unsigned char products_js[] = {
#embed "../../console/products.js"
};
constexpr unsigned char stock_js[] = {
#embed "../../console/stock.js"
};
constexpr unsigned char sales_js[] = {
#embed "../../console/sales.js"
};
constexpr unsigned char commands_js[] = {
#embed "../../console/commands.js"
};
constexpr unsigned char processes_js[] = {
#embed "../../console/processes.js"
};
constexpr unsigned char schedule_js[] = {
#embed "../../console/schedule.js"
};
constexpr unsigned char projections_js[] = {
#embed "../../console/projections.js"
};
constexpr unsigned char keep_js[] = {
#embed "../../console/keep.js"
};
constexpr unsigned char live_js[] = {
#embed "../../console/live.js"
};
constexpr unsigned char names_js[] = {
#embed "../../console/names.js"
};
constexpr unsigned char actions_js[] = {
#embed "../../console/actions.js"
};
constexpr unsigned char dialogs_js[] = {
#embed "../../console/dialogs.js"
};
constexpr unsigned char act_js[] = {
#embed "../../console/act.js"
};
constexpr unsigned char qr_js[] = {
#embed "../../console/qr.js"
};
constexpr unsigned char product_js[] = {
#embed "../../console/product.js"
};
constexpr unsigned char range_js[] = {
#embed "../../console/range.js"
};
constexpr unsigned char operations_js[] = {
#embed "../../console/operations.js"
};
constexpr unsigned char webhooks_js[] = {
#embed "../../console/webhooks.js"
};
constexpr unsigned char customers_js[] = {
#embed "../../console/customers.js"
};
constexpr unsigned char endpoints_js[] = {
#embed "../../console/endpoints.js"
};
constexpr unsigned char deliveries_js[] = {
#embed "../../console/deliveries.js"
};

constexpr std::string_view html = "text/html; charset=utf-8";
constexpr std::string_view css = "text/css; charset=utf-8";
constexpr std::string_view script = "text/javascript; charset=utf-8";

std::string etag_of(std::span<const unsigned char> content) {
    constexpr std::size_t enough = 32;
    const auto hash = sha256_hex({reinterpret_cast<const char*>(content.data()), content.size()});
    return '"' + hash.substr(0, enough) + '"';
}

ConsoleFile file(
    std::string_view name, std::string_view content_type, std::span<const unsigned char> content
) {
    const auto* text = reinterpret_cast<const char*>(content.data());
    return {name, content_type, {text, content.size()}, etag_of(content)};
}

/// The module that has the words of every area.
std::span<const unsigned char> areas_js() {
    static const auto text = "export const areas = " + names_for_people().dump() + ";\n";
    return {reinterpret_cast<const unsigned char*>(text.data()), text.size()};
}

}  // namespace

const ConsoleFile* find_console_file(std::string_view name) {
    static const ConsoleFile all[] = {
        file("index.html", html, index_html),
        file("palette.css", css, palette_css),
        file("style.css", css, style_css),
        file("app.js", script, app_js),
        file("api.js", script, api_js),
        file("stream.js", script, stream_js),
        file("words.js", script, words_js),
        file("areas.js", script, areas_js()),
        file("tab.js", script, tab_js),
        file("dom.js", script, dom_js),
        file("format.js", script, format_js),
        file("chart.js", script, chart_js),
        file("facts.js", script, facts_js),
        file("list.js", script, list_js),
        file("state.js", script, state_js),
        file("pages.js", script, pages_js),
        file("prices.js", script, prices_js),
        file("quote.js", script, quote_js),
        file("price_lists.js", script, price_lists_js),
        file("given.js", script, given_js),
        file("shop_words.js", script, shop_words_js),
        file("checkouts.js", script, checkouts_js),
        file("orders.js", script, orders_js),
        file("offers.js", script, offers_js),
        file("offer.js", script, offer_js),
        file("timeline.js", script, timeline_js),
        file("figures.js", script, figures_js),
        file("products.js", script, products_js),
        file("stock.js", script, stock_js),
        file("sales.js", script, sales_js),
        file("commands.js", script, commands_js),
        file("processes.js", script, processes_js),
        file("schedule.js", script, schedule_js),
        file("projections.js", script, projections_js),
        file("keep.js", script, keep_js),
        file("live.js", script, live_js),
        file("names.js", script, names_js),
        file("actions.js", script, actions_js),
        file("dialogs.js", script, dialogs_js),
        file("act.js", script, act_js),
        file("qr.js", script, qr_js),
        file("product.js", script, product_js),
        file("range.js", script, range_js),
        file("operations.js", script, operations_js),
        file("webhooks.js", script, webhooks_js),
        file("customers.js", script, customers_js),
        file("endpoints.js", script, endpoints_js),
        file("deliveries.js", script, deliveries_js),
    };
    const auto* const found = std::ranges::find(all, name, &ConsoleFile::name);
    return found == std::end(all) ? nullptr : found;
}

}  // namespace vitrine::api
