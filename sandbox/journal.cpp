#include "sandbox/journal.hpp"

#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "core/async.hpp"
#include "sandbox/journal_file.hpp"

namespace vitrine::sandbox {
class Journal::Impl {
public:
    Impl(std::string path, const Reader& reader, OnFailure on_failure)
        : path_(std::move(path)), file_(path_, false), on_failure_(std::move(on_failure)) {
        replay(reader);
    }

    ~Impl() {
        if (!thread_.joinable()) return;
        {
            const std::scoped_lock lock(mutex_);
            ending_ = true;
        }
        wake_.notify_one();
        thread_.join();
    }

    std::size_t lines() const { return lines_; }

    void replace(const std::function<void(const WriteLine&)>& write) {
        const auto beside = path_ + ".new";
        LockedFile fresh(beside, true);
        std::string bytes;
        write([&](const std::string& line) {
            bytes += line;
            bytes += '\n';
            if (bytes.size() < 1 << 20) return;
            fresh.write(bytes);
            bytes.clear();
        });
        fresh.write(bytes);
        fresh.sync();
        rename_durably(beside, path_);
        file_ = std::move(fresh);
    }

    void append(const std::string& line) {
        if (!thread_.joinable()) thread_ = std::thread([this] { run(); });
        {
            const std::scoped_lock lock(mutex_);
            gathered_ += line;
            gathered_ += '\n';
        }
        wake_.notify_one();
    }

    void when_durable(Completion<bool> done) {
        bool failed = false;
        {
            const std::scoped_lock lock(mutex_);
            // While a sync runs, even a caller without lines of its own waits for what came before
            // it.
            if (!failed_ && (writing_ || !gathered_.empty())) {
                waiting_.push_back(std::move(done));
                return;
            }
            failed = failed_;
        }
        done(!failed);
    }

private:
    void replay(const Reader& reader) {
        const auto bytes = file_.read_all();
        std::string_view rest = bytes;
        while (!rest.empty()) {
            const auto end = rest.find('\n');
            if (end == std::string_view::npos) {
                if (lines_ == 0 && !reader.could_begin(rest)) damaged(1);
                file_.truncate(bytes.size() - rest.size());
                file_.sync();
                return;
            }
            ++lines_;
            if (!reader.take(rest.substr(0, end))) damaged(lines_);
            rest.remove_prefix(end + 1);
        }
    }

    [[noreturn]] void damaged(std::size_t line) const {
        throw StateDamaged(path_ + " is damaged: line " + std::to_string(line) + " cannot be read");
    }

    void run() {
        std::unique_lock lock(mutex_);
        while (true) {
            wake_.wait(lock, [this] { return ending_ || !gathered_.empty() || !waiting_.empty(); });
            if (gathered_.empty() && waiting_.empty()) return;
            auto bytes = std::exchange(gathered_, {});
            auto waiting = std::exchange(waiting_, {});
            writing_ = true;
            lock.unlock();
            const bool written = write(bytes);
            for (auto& done : waiting) done(written);
            lock.lock();
            writing_ = false;
        }
    }

    /// False from the first failure on.
    bool write(const std::string& bytes) {
        if (failed_ || bytes.empty()) return !failed_;
        try {
            file_.write(bytes);
            file_.sync();
        } catch (const std::runtime_error& error) {
            {
                const std::scoped_lock lock(mutex_);
                failed_ = true;
            }
            on_failure_(error.what());
        }
        return !failed_;
    }

    std::string path_;
    LockedFile file_;
    OnFailure on_failure_;
    std::size_t lines_ = 0;

    std::mutex mutex_;
    std::condition_variable wake_;
    std::string gathered_;
    std::vector<Completion<bool>> waiting_;
    bool writing_ = false;
    bool failed_ = false;
    bool ending_ = false;
    std::thread thread_;
};

Journal::Journal(std::string path, const Reader& reader, OnFailure on_failure)
    : impl_(std::make_unique<Impl>(std::move(path), reader, std::move(on_failure))) {}

Journal::~Journal() = default;

std::size_t Journal::lines() const {
    return impl_->lines();
}

void Journal::replace(const std::function<void(const WriteLine&)>& write) {
    impl_->replace(write);
}

void Journal::append(std::string line) {
    impl_->append(line);
}

boost::asio::awaitable<bool> Journal::durable() {
    auto start = [this](Completion<bool> done) { impl_->when_durable(std::move(done)); };
    co_return co_await wait_for_completion<bool>(start);
}

}  // namespace vitrine::sandbox
