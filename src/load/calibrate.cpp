#include "referee/load/calibrate.hpp"

#include "referee/load/null_server.hpp"

namespace referee::load {
namespace {

class NullPlay : public Play {
 public:
  NullPlay(std::string_view head, std::string_view body) : head_(head), body_(body) {}
  Outgoing begin(std::uint64_t /*number*/) override { return {head_, {}}; }
  After answered(const Answer& answer, Outgoing& /*next*/) override {
    if (answer.status != 200) return After::kStatus;
    return answer.body == body_ ? After::kDone : After::kBody;
  }

 private:
  std::string_view head_;
  std::string_view body_;
};

class NullKind : public Kind {
 public:
  NullKind(std::string head, std::string body) : head_(std::move(head)), body_(std::move(body)) {}
  [[nodiscard]] std::string name() const override { return "null"; }
  [[nodiscard]] std::unique_ptr<Play> play() const override { return std::make_unique<NullPlay>(head_, body_); }
  [[nodiscard]] std::size_t largest_body() const override { return body_.size(); }

 private:
  std::string head_;
  std::string body_;
};

}  // namespace

tl::expected<Calibration, std::string> calibrate(const Plan& plan, std::chrono::milliseconds duration,
                                                 const std::function<bool()>& interrupted) {
  const auto server = NullServer::start({});
  if (!server) return tl::unexpected(server.error());
  Plan own;
  own.port = (*server)->port();
  own.warm_up = duration / 4;
  own.duration = duration;
  own.connections = plan.connections;
  own.threads = plan.threads;
  own.weights = {1};
  std::vector<std::unique_ptr<Kind>> kinds;
  kinds.push_back(std::make_unique<NullKind>("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: referee\r\n\r\n",
                                             (*server)->body()));
  const auto outcome = run(own, kinds, interrupted);
  if (!outcome) return tl::unexpected(outcome.error());
  const auto finished = static_cast<double>(outcome->total().finished);
  if (finished == 0) return tl::unexpected(std::string("the null server answered nothing"));
  return Calibration{finished / outcome->seconds, outcome->cpu_seconds / finished};
}

}  // namespace referee::load
