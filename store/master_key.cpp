#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>

#include <array>
#include <stdexcept>

#include "store/descriptor.hpp"
#include "store/durable_file.hpp"
#include "store/keys.hpp"
#include "store/sealed_box.hpp"

namespace vitrine::store {
namespace {

std::string read_key(const std::filesystem::path& file) {
    const Descriptor in(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (!in.is_open()) throw_system_error("cannot open " + file.string());
    struct stat status{};
    if (::fstat(in.get(), &status) != 0) throw_system_error("cannot look at " + file.string());
    if ((status.st_mode & 0077) != 0) {
        throw std::runtime_error(
            file.string() + " may be read by others: set its mode to 0600 and consider a new key"
        );
    }
    std::array<char, MasterKey::key_bytes + 1> buffer{};
    const auto size = ::read(in.get(), buffer.data(), buffer.size());
    if (size != static_cast<ssize_t>(MasterKey::key_bytes)) {
        throw std::runtime_error(file.string() + " is not a master key: it must have 32 bytes");
    }
    std::string key(buffer.data(), MasterKey::key_bytes);
    sodium_memzero(buffer.data(), buffer.size());
    return key;
}

}  // namespace

MasterKey::MasterKey(std::string bytes) : bytes_(std::move(bytes)) {}

MasterKey::~MasterKey() {
    wipe(bytes_);
}

MasterKey MasterKey::fresh() {
    if (sodium_init() < 0) throw std::runtime_error("libsodium cannot be started");
    std::string key(key_bytes, '\0');
    randombytes_buf(key.data(), key.size());
    return MasterKey(std::move(key));
}

MasterKey MasterKey::load(const std::filesystem::path& file) {
    return MasterKey(read_key(file));
}

MasterKey MasterKey::load_or_create(const std::filesystem::path& file) {
    if (!std::filesystem::exists(file)) write_durably(file, fresh().bytes());
    return load(file);
}

std::expected<MasterKey, std::string> MasterKey::from_hex(std::string_view hex) {
    std::string key(key_bytes, '\0');
    std::size_t size = 0;
    const char* end = nullptr;
    const int failed = sodium_hex2bin(
        reinterpret_cast<unsigned char*>(key.data()),
        key.size(),
        hex.data(),
        hex.size(),
        nullptr,
        &size,
        &end
    );
    if (failed != 0 || size != key_bytes || end != hex.data() + hex.size()) {
        wipe(key);
        return std::unexpected("the master key must be 64 hex digits");
    }
    return MasterKey(std::move(key));
}

}  // namespace vitrine::store
