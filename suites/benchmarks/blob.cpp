#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <fstream>

#include "contenders.hpp"
#include "referee/bench/statistics.hpp"
#include "referee/distribution/blob_stream.hpp"
#include "referee/oci/random.hpp"
#include "sizes.hpp"

/// What a layer costs that is checked while it comes: a pull whose bytes are hashed, beside the pull alone and the hash
/// alone, in turns. No variant has a say in it.
namespace referee::suites::benchmarks {
namespace {

using std::chrono::steady_clock;
using Refused = tl::unexpected<std::string>;

constexpr std::size_t kPiece = std::size_t{16} << 20U;
constexpr double kMib = 1 << 20;

/// Incompressible content of any size, a piece at a time: one block of noise, of which each page bears its number.
class Noise {
 public:
  Noise(std::uint64_t seed, std::uint64_t size)
      : block_(oci::Random(seed, fmt::format("blob {}", size)).bytes(std::min<std::uint64_t>(size, kPiece))),
        left_(size) {}

  /// The next piece; empty at the end.
  std::string_view next() {
    constexpr std::size_t kPage = 4096;
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(left_, block_.size()));
    left_ -= size;
    for (std::size_t at = 0; at + 8 <= size; at += kPage, ++page_) {
      for (unsigned byte = 0; byte < 8; ++byte) block_[at + byte] = static_cast<char>(page_ >> (8U * byte));
    }
    return std::string_view(block_).substr(0, size);
  }

 private:
  std::string block_;
  std::uint64_t left_;
  std::uint64_t page_ = 0;
};

/// The largest memory of this process since reset_peak(), bytes; 0 if it is not told.
std::uint64_t peak() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    std::uint64_t kib = 0;
    if (word == "VmHWM:" && status >> kib) return kib * 1024;
  }
  return 0;
}

void reset_peak() {
  std::ofstream("/proc/self/clear_refs") << "5";
}

struct Pushed {
  oci::Digest digest;
  std::uint64_t size;
};

tl::expected<Pushed, std::string> push_noise(distribution::Registry& registry, const std::string& repository,
                                             std::uint64_t seed, std::uint64_t size, const ScenarioOptions& options) {
  auto answer = registry.start_upload(repository);
  oci::Hasher hasher;
  Noise noise(seed, size);
  std::uint64_t sent = 0;
  const auto location = [&answer](int wanted) -> tl::expected<std::string, std::string> {
    if (!answer) return Refused(answer.error().message);
    const auto where = answer->header("Location");
    if (answer->status == wanted && where) return *where;
    return Refused(fmt::format("an upload was answered with {}{}", answer->status, where ? "" : " without Location"));
  };
  for (auto piece = noise.next(); !piece.empty(); piece = noise.next()) {
    if (interrupted(options)) return Refused("interrupted");
    const auto where = location(202);
    if (!where) return Refused(where.error());
    hasher.update(piece);
    answer = registry.patch_upload(*where, piece, fmt::format("{}-{}", sent, sent + piece.size() - 1));
    sent += piece.size();
  }
  const auto where = location(202);
  if (!where) return Refused(where.error());
  Pushed pushed{hasher.finish(), size};
  const auto closed = registry.finish_upload(repository, *where, pushed.digest.str(), std::nullopt);
  if (!closed) return Refused(closed.error().message);
  if (closed->status != 201) return Refused(fmt::format("the end of the upload was answered with {}", closed->status));
  return pushed;
}

double seconds_of(const std::function<void()>& work) {
  const auto begun = steady_clock::now();
  work();
  return std::chrono::duration<double>(steady_clock::now() - begun).count();
}

struct Times {
  std::vector<double> plain;
  std::vector<double> hash;
  std::vector<double> verified;
  std::uint64_t peak = 0;
};

class BlobPulls {
 public:
  BlobPulls(Grounds& grounds, const ScenarioOptions& options, const BlobSizes& sizes, Account& account)
      : grounds_(grounds), options_(options), sizes_(sizes), account_(account) {}

  void run(distribution::Registry& registry) {
    const auto repository = grounds_.options().name_space + "/blob";
    for (const auto size : sizes_.sizes) {
      const auto what = fmt::format("{:.0f} MiB", static_cast<double>(size) / kMib);
      if (interrupted(options_)) break;
      progress(options_, fmt::format("blob: {}", what));
      const auto pushed = push_noise(registry, repository, grounds_.options().seed, size, options_);
      if (!pushed) {
        account_.left_out(what, pushed.error());
        continue;
      }
      auto times = pull(registry, repository, *pushed);
      if (!times) {
        account_.left_out(what, times.error());
      } else if (!times->verified.empty()) {
        tell(what, size, std::move(*times));
      }
    }
    account_.result.tables.push_back(std::move(table_));
    account_.result.charts.push_back(std::move(chart_));
  }

 private:
  [[nodiscard]] tl::expected<Times, std::string> pull(distribution::Registry& registry, const std::string& repository,
                                                      const Pushed& blob) const {
    Times times;
    for (std::size_t turn = 0; turn <= sizes_.repetitions && !interrupted(options_); ++turn) {
      std::string wrong;
      const double plain = seconds_of([&] { wrong = pull_unchecked(registry, repository, blob); });
      if (!wrong.empty()) return Refused("a pull without a check: " + wrong);
      const double hash = hash_alone(blob, wrong);
      if (!wrong.empty()) return Refused(wrong);
      reset_peak();
      const double verified = seconds_of([&] {
        const auto stream = distribution::stream_blob(registry, repository, blob.digest, blob.size, {});
        wrong = stream ? stream->wrong : stream.error().message;
      });
      if (!wrong.empty()) return Refused(wrong);
      times.peak = std::max(times.peak, peak());
      // The first warms up.
      if (turn == 0) continue;
      times.plain.push_back(plain);
      times.hash.push_back(hash);
      times.verified.push_back(verified);
    }
    return times;
  }

  static std::string pull_unchecked(distribution::Registry& registry, const std::string& repository,
                                    const Pushed& blob) {
    const auto answer = registry.client().send(distribution::stream_request(
        registry, repository, blob.digest, blob.size, [](std::string_view /*piece*/) { return true; }));
    if (!answer) return answer.error().message;
    if (answer->status == 200 && answer->body_bytes == blob.size) return "";
    return fmt::format("status {}, {} bytes", answer->status, answer->body_bytes);
  }

  /// In seconds.
  [[nodiscard]] double hash_alone(const Pushed& blob, std::string& wrong) const {
    Noise noise(grounds_.options().seed, blob.size);
    oci::Hasher hasher;
    const double seconds = seconds_of([&] {
      for (auto piece = noise.next(); !piece.empty(); piece = noise.next()) hasher.update(piece);
    });
    if (hasher.finish() != blob.digest) wrong = "the content is not the same twice";
    return seconds;
  }

  void tell(const std::string& what, std::uint64_t size, Times times) {
    const double plain = bench::median(times.plain);
    const double hash = bench::median(times.hash);
    const double verified = bench::median(times.verified);
    const double mib = static_cast<double>(size) / kMib;
    const double ratio = std::max(plain, hash) / verified;
    const double memory = static_cast<double>(times.peak) / kMib;
    table_.rows.push_back({what, fmt::format("{:.0f}", mib / plain), fmt::format("{:.0f}", mib / hash),
                           fmt::format("{:.0f}", mib / verified), fmt::format("{:.2f}", ratio),
                           fmt::format("{:.0f}", memory)});
    // Above one there is only noise to tell: a pull with a check does not do less than one without.
    const auto share = ratio >= 1 ? std::string("as fast as") : fmt::format("{:.2f} of", ratio);
    account_.result.findings.push_back(fmt::format(
        "{}: a pull that is checked runs at {:.0f} MiB/s, {} the slower of the pull alone ({:.0f}) and SHA-256 alone "
        "({:.0f}); the client takes {:.0f} MiB of memory.",
        what, mib / verified, share, mib / plain, mib / hash, memory));
    const auto x = static_cast<double>(size);
    Account::point(chart_, "pull", x, plain);
    Account::point(chart_, "SHA-256", x, hash);
    Account::point(chart_, "pull, checked", x, verified);
    account_.sample(fmt::format("blob/{}/pull", size), "s", std::move(times.plain));
    account_.sample(fmt::format("blob/{}/sha256", size), "s", std::move(times.hash));
    account_.sample(fmt::format("blob/{}/verified", size), "s", std::move(times.verified));
    account_.sample(fmt::format("blob/{}/memory", size), "B", {static_cast<double>(times.peak)});
  }

  Grounds& grounds_;
  const ScenarioOptions& options_;
  const BlobSizes& sizes_;
  Account& account_;
  bench::Table table_{"Pulls of one blob, MiB/s",
                      {"size", "pull alone", "SHA-256 alone", "checked pull", "of the slower", "memory, MiB"},
                      {}};
  bench::Chart chart_{"Time of one pull", "bytes", "median, seconds", true, true, {}, {}};
};

}  // namespace

Found run_blob(Grounds& grounds, const ScenarioOptions& options, const BlobSizes& sizes) {
  Account account("blob", "What it costs to check a large blob while it comes.");
  const auto registry = grounds.registry("oci-1.1");
  if (!registry) return Refused(registry.error());
  BlobPulls(grounds, options, sizes, account).run(**registry);
  if (interrupted(options)) account.stopped("interrupted");
  return account.finish();
}

Found blob(Grounds& grounds, const ScenarioOptions& options) {
  constexpr std::uint64_t kMiB = std::uint64_t{1} << 20U;
  const auto repeated = static_cast<std::size_t>(std::max(options.repetitions, 1));
  if (options.full) return run_blob(grounds, options, {{16 * kMiB, 256 * kMiB, 1'024 * kMiB, 10'240 * kMiB}, repeated});
  return run_blob(grounds, options, {{kMiB, 16 * kMiB, 256 * kMiB}, repeated});
}

}  // namespace referee::suites::benchmarks
