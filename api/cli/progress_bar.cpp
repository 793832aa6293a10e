#include "api/cli/progress_bar.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>

namespace vitrine::api {

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
    const auto left =
        total > done && per_second > 0 ? static_cast<double>(total - done) / per_second : 0.0;
    std::cerr << fmt::format(
                     "\r\033[K{} [{}{}] {:3.0f}%  {}/{} {}  {:.0f}/s  {:.0f} s left",
                     name,
                     std::string(full, '#'),
                     std::string(width - full, ' '),
                     share * 100,
                     done,
                     total,
                     unit_,
                     per_second,
                     left
                 )
              << std::flush;
    shown_ = true;
}

void ProgressBar::clear() {
    if (shown_) std::cerr << "\r\033[K" << std::flush;
    shown_ = false;
}

}  // namespace vitrine::api
