#include "api/cli/progress_bar.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>

#include "core/printable.hpp"
#include "core/standard_streams.hpp"

namespace vitrine::api {
namespace {

/// What fits into one line: a longer one would wrap, and be left behind by the next.
std::string fitting(std::string text) {
    winsize size{};
    if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
        text.resize(std::min<std::size_t>(text.size(), size.ws_col - 1U));
    }
    return text;
}

/// Indexes, checks and comparisons come after the last event and take a time of their own.
std::string left_text(std::uint64_t done, std::uint64_t total, double per_second) {
    if (per_second <= 0) return "";  // not known
    if (done >= total) return "finishing";
    return fmt::format("{:.0f} s left", static_cast<double>(total - done) / per_second);
}

}  // namespace

ProgressBar::ProgressBar(std::string unit)
    : unit_(std::move(unit)), terminal_(::isatty(STDERR_FILENO) == 1) {}

void ProgressBar::show(
    const std::string& name, std::uint64_t done, std::uint64_t total, double per_second
) {
    if (!terminal_) return;
    constexpr std::size_t width = 30;
    const double share =
        total == 0 ? 1.0 : std::min(1.0, static_cast<double>(done) / static_cast<double>(total));
    const auto full = static_cast<std::size_t>(share * width);
    const auto text = fmt::format(
        "{} [{}{}] {:3.0f}%  {}/{} {}  {:.0f}/s  {}",
        name,
        std::string(full, '#'),
        std::string(width - full, ' '),
        share * 100,
        done,
        total,
        unit_,
        per_second,
        left_text(done, total, per_second)
    );
    draw_on_terminal("\r\033[K" + fitting(printable_line(text)));
    shown_ = true;
}

void ProgressBar::clear() {
    if (shown_) draw_on_terminal("\r\033[K");
    shown_ = false;
}

}  // namespace vitrine::api
