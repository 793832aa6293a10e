#include "core/uuid.hpp"

#include <openssl/rand.h>

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <stdexcept>

#include "core/sha256.hpp"

namespace vitrine {
namespace {

constexpr char hex_digits[] = "0123456789abcdef";

std::string to_text(const std::array<unsigned char, 16>& bytes) {
    std::string text;
    text.reserve(36);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
        text += hex_digits[bytes[i] >> 4];
        text += hex_digits[bytes[i] & 15];
    }
    return text;
}

class Generator {
public:
    explicit Generator(Clock clock) : clock_(std::move(clock)) {}

    std::string next() {
        const std::scoped_lock lock(mutex_);
        // 60 bits of time in units of 1/4096 ms, counted up when the clock stands still or steps
        // back.
        const auto micros = static_cast<std::uint64_t>(clock_().time_since_epoch().count());
        const auto now = (micros / 1000) * 4096 + (micros % 1000) * 4096 / 1000;
        last_ = now > last_ ? now : last_ + 1;
        const auto millis = last_ / 4096;
        const auto fraction = last_ % 4096;
        std::array<unsigned char, 16> bytes{};
        for (std::size_t i = 0; i < 6; ++i) {
            bytes[i] = static_cast<unsigned char>((millis >> (8 * (5 - i))) & 255);
        }
        bytes[6] = static_cast<unsigned char>(0x70 | (fraction >> 8));
        bytes[7] = static_cast<unsigned char>(fraction & 255);
        take_random(bytes.data() + 8);
        bytes[8] = static_cast<unsigned char>(0x80 | (bytes[8] & 0x3f));
        return to_text(bytes);
    }

private:
    void take_random(unsigned char* out) {
        if (used_ + 8 > pool_.size()) {
            if (RAND_bytes(pool_.data(), static_cast<int>(pool_.size())) != 1) {
                throw std::runtime_error("no random numbers to be had");
            }
            used_ = 0;
        }
        std::copy_n(pool_.begin() + static_cast<std::ptrdiff_t>(used_), 8, out);
        used_ += 8;
    }

    Clock clock_;
    std::mutex mutex_;
    std::uint64_t last_{};
    std::array<unsigned char, 1024> pool_{};
    std::size_t used_ = 1024;
};

}  // namespace

UuidSource uuid_v7_source(Clock clock) {
    auto generator = std::make_shared<Generator>(std::move(clock));
    return [generator] { return generator->next(); };
}

std::string uuid_of_text(std::string_view text) {
    const auto digest = Sha256().digest(text);
    std::array<unsigned char, 16> bytes{};
    std::copy_n(digest.begin(), bytes.size(), bytes.begin());
    bytes[6] = static_cast<unsigned char>(0x80 | (bytes[6] & 0x0f));
    bytes[8] = static_cast<unsigned char>(0x80 | (bytes[8] & 0x3f));
    return to_text(bytes);
}

bool is_uuid(std::string_view text) {
    if (text.size() != 36) return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        const bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
        if (dash ? c != '-' : !hex) return false;
    }
    return true;
}

}  // namespace vitrine
