#include "gateways/payments/pix.hpp"

#include <fmt/format.h>
#include <qrencode.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>

namespace vitrine::payments {
namespace {

constexpr int quiet_zone = 4;  // modules, ISO/IEC 18004

/// Empty: no QR code holds it.
std::string svg_of(const std::string& text) {
    const std::unique_ptr<QRcode, decltype(&QRcode_free)> code(
        QRcode_encodeString8bit(text.c_str(), 0, QR_ECLEVEL_M), QRcode_free
    );
    if (!code) return {};
    const int width = code->width, size = width + 2 * quiet_zone;
    const auto is_dark = [&](int x, int y) { return (code->data[y * width + x] & 1) != 0; };
    std::string path;
    for (int y = 0; y < width; ++y) {
        for (int x = 0; x < width; ++x) {
            if (!is_dark(x, y)) continue;
            const int from = x;
            while (x + 1 < width && is_dark(x + 1, y)) ++x;
            const int run = x - from + 1;
            path += fmt::format("M{} {}h{}v1h-{}z", from + quiet_zone, y + quiet_zone, run, run);
        }
    }
    return fmt::format(
        R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {0}">)"
        R"(<path fill="#fff" d="M0 0h{0}v{0}H0z"/><path d="{1}"/></svg>)",
        size,
        path
    );
}

}  // namespace

JsonText with_picture(const JsonText& pix) {
    auto json = nlohmann::ordered_json::parse(pix.text);
    const auto code = json.find("qr_code");
    if (code == json.end() || !code->is_string()) return pix;
    auto svg = svg_of(code->get<std::string>());
    if (svg.empty()) return pix;
    json["qr_code_svg"] = std::move(svg);
    return JsonText(json.dump());
}

}  // namespace vitrine::payments
