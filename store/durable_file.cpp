#include "store/durable_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include "store/descriptor.hpp"

namespace vitrine::store {
namespace {

void write_all(int descriptor, std::string_view bytes, const std::string& name) {
    while (!bytes.empty()) {
        const auto written = ::write(descriptor, bytes.data(), bytes.size());
        if (written < 0 && errno != EINTR) throw_system_error("cannot write " + name);
        if (written > 0) bytes.remove_prefix(static_cast<std::size_t>(written));
    }
}

}  // namespace

void write_durably(const std::filesystem::path& file, std::string_view bytes) {
    auto temporary = file;
    temporary += ".new";
    try {
        const Descriptor out(
            ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)
        );
        if (!out.is_open()) throw_system_error("cannot create " + temporary.string());
        write_all(out.get(), bytes, temporary.string());
        if (::fsync(out.get()) != 0) throw_system_error("cannot sync " + temporary.string());
    } catch (...) {
        ::unlink(temporary.c_str());
        throw;
    }
    if (::rename(temporary.c_str(), file.c_str()) != 0) {
        throw_system_error("cannot rename " + temporary.string());
    }
    sync_directory(file.has_parent_path() ? file.parent_path() : ".");
}

void sync_directory(const std::filesystem::path& directory) {
    const Descriptor folder(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!folder.is_open()) throw_system_error("cannot open " + directory.string());
    if (::fsync(folder.get()) != 0) throw_system_error("cannot sync " + directory.string());
}

}  // namespace vitrine::store
