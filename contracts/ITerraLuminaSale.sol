// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ITerraLuminaOwnership} from "./ITerraLuminaOwnership.sol";
import {ISaleTypes} from "./sale/ISaleTypes.sol";

/// @title The sale of a project's units: money in escrow until the target is reached, and back if it isn't.
/// @notice A project has one sale at most, so its id is the sale's. Money is in base units of the sale's currency,
/// times are unix seconds. What a commitment costs is units × price, exactly: nothing is ever rounded.
///
/// The periods: commitments are taken from `opensAt` until `closesAt`. The buyer may cancel one until 48 hours before
/// `closesAt` (17 CFR 227.402(a)), and in any case until `coolingOffSeconds` after it was made, even when that is
/// after the close (Regulation (EU) 2020/1503, article 22: four days). {finalize} waits until no such right is
/// running any more, so what it counts is what can no longer be taken back.
interface ITerraLuminaSale is ISaleTypes {
    /// @notice All terms; none of them ever changes. `treasury` is the project's own.
    event SaleOpened(uint256 indexed projectId, SaleTerms terms, address treasury);
    /// @param amount Now in escrow for it; 0 for fiat
    /// @param openUnits Of the whole sale, with this one
    event Committed(
        bytes32 indexed investmentId,
        uint256 indexed projectId,
        address indexed buyer,
        uint256 units,
        uint256 amount,
        Method method,
        uint256 openUnits
    );
    /// @param amount Paid back in this transaction; 0 for fiat
    /// @param paidTo Zero for fiat, which is paid back where it was paid
    /// @param openUnits Of the whole sale, without this one
    event CommitmentCancelled(
        bytes32 indexed investmentId,
        uint256 indexed projectId,
        address indexed buyer,
        uint256 units,
        uint256 amount,
        address paidTo,
        uint256 openUnits
    );
    /// @notice Commitments can be cancelled until 48 hours before the new close, and made until it.
    event EarlyCloseAnnounced(uint256 indexed projectId, uint256 closesAt);
    /// @notice Cancellations took the sale below its target: it goes on until the close of its terms.
    event EarlyCloseLapsed(uint256 indexed projectId, uint256 closesAt);
    /// @notice The sale was given up before its close; {SaleFinalized} follows.
    /// @param reason Hash of the explanation
    event SaleAbandoned(uint256 indexed projectId, bytes32 reason);
    /// @param units Of the commitments that are open now
    /// @param amount Of the money in escrow now
    event SaleFinalized(uint256 indexed projectId, bool success, uint256 units, uint256 amount);
    /// @param investor Who got the units: the buyer, or the wallet that took the buyer's place
    /// @param amount Now part of the proceeds; 0 for fiat
    event CommitmentSettled(
        bytes32 indexed investmentId,
        uint256 indexed projectId,
        address indexed investor,
        uint256 units,
        uint256 amount
    );
    /// @param amount Paid in this transaction; 0 for fiat, which is to be paid back where it was paid
    /// @param paidTo Zero for fiat
    event CommitmentRefunded(
        bytes32 indexed investmentId,
        uint256 indexed projectId,
        address indexed buyer,
        uint256 units,
        uint256 amount,
        address paidTo
    );
    /// @notice {refundMany} left it out: it isn't refundable, or the currency refused the payment. Nothing was lost.
    event RefundSkipped(bytes32 indexed investmentId);
    /// @param amount Base units of the currency, paid in this transaction
    event ProceedsWithdrawn(uint256 indexed projectId, address indexed treasury, uint256 amount);
    /// @notice Where money that comes back to the buyer goes from now on; zero means to the buyer.
    event RefundAddressSet(address indexed buyer, address refundAddress);

    /// @notice A project has one sale, for ever.
    error SaleAlreadyOpened(uint256 projectId);
    /// @notice The project was created without one.
    error ProjectHasNoTreasury(uint256 projectId);
    /// @notice It is no contract.
    error InvalidCurrency(address currency);
    /// @notice A unit must cost something, or there would be nothing to hold in escrow.
    error ZeroPrice();
    /// @notice Not 0 < target ≤ hard cap ≤ the project's cap, or more fiat than the hard cap.
    error InvalidUnits(uint256 targetUnits, uint256 hardCapUnits, uint256 maxFiatUnits, uint256 cap);
    /// @param limit Most that the ledger lets one holder of the project have: more could never be minted
    error InvestorLimitTooHigh(uint256 maxUnitsPerInvestor, uint256 limit);
    /// @param earliest Of the opening: now
    error OpensTooEarly(uint256 opensAt, uint256 earliest);
    /// @param earliest `opensAt` + {minOpenSeconds}; or, when announced, a week from now if that is later
    /// @param latest `opensAt` + {MAX_OPEN_SECONDS}; or, when announced, the second before the present close
    error InvalidClose(uint256 closesAt, uint256 earliest, uint256 latest);
    /// @param longest Most seconds that it may last
    error CoolingOffTooLong(uint256 coolingOffSeconds, uint256 longest);
    /// @param longest Most days that it may last
    error LockUpTooLong(uint256 unlockDays, uint256 longest);

    /// @notice The deed isn't possible in the sale's present state.
    error WrongSaleState(uint256 projectId, SaleState state);
    /// @notice Commitments are taken from `opensAt` until `closesAt`.
    error OutsideOpeningPeriod(uint256 projectId, uint256 opensAt, uint256 closesAt);
    /// @notice A commitment to nothing.
    error ZeroUnits(bytes32 investmentId);
    /// @notice Zero is no investment.
    error InvalidInvestmentId();
    /// @notice A commitment was made under this id, whatever became of it.
    error InvestmentIdUsed(bytes32 investmentId);
    /// @notice The ledger lets the account receive nothing, or nothing of this project because of its country.
    error BuyerNotEligible(uint256 projectId, address buyer);
    /// @param asked What all open commitments would have come to
    error HardCapExceeded(uint256 projectId, uint256 hardCapUnits, uint256 asked);
    /// @param asked What all open fiat commitments would have come to
    error FiatLimitExceeded(uint256 projectId, uint256 maxFiatUnits, uint256 asked);
    /// @param asked What this investor's commitments would have come to
    error InvestorLimitExceeded(uint256 projectId, uint256 maxUnitsPerInvestor, uint256 asked);
    /// @notice The project can't have more holders.
    error TooManyInvestors(uint256 projectId, uint256 limit);
    /// @notice The currency keeps a part of what it moves; the escrow would be short.
    error UnexpectedTokenAmount(uint256 expected, uint256 received);
    /// @param deadline Unix second up to which it could be used
    error SignatureExpired(uint256 deadline);
    /// @notice No payment attestor signed exactly this for this contract on this chain.
    /// @param recovered Who signed something, if not this; zero when it is no signature at all
    error InvalidAttestation(address recovered);

    /// @notice There is none under this id, or it is of another project.
    error UnknownCommitment(bytes32 investmentId);
    /// @notice It was cancelled, settled or paid back before.
    error CommitmentNotOpen(bytes32 investmentId, CommitmentState state);
    /// @param buyer Who may cancel it
    error NotTheBuyer(bytes32 investmentId, address buyer);
    /// @notice A fiat commitment is withdrawn by attestation, one in escrow cancelled by its buyer.
    error WrongMethod(bytes32 investmentId, Method method);
    /// @param until Unix second before which it could be cancelled
    error CancellationOver(bytes32 investmentId, uint256 until);
    /// @param openUnits Units of the commitments that are open now
    error TargetNotReached(uint256 projectId, uint256 targetUnits, uint256 openUnits);
    /// @param earliest Unix second from which it is possible, as things stand
    error TooEarlyToFinalize(uint256 projectId, uint256 earliest);
    /// @notice Its outcome is for {finalize} to decide now.
    error SaleIsOver(uint256 projectId, uint256 closesAt);
    /// @param from Unix second from which it is possible if it isn't minted before; 0 while the sale is open
    error NotRefundable(bytes32 investmentId, uint256 from);
    /// @notice Nothing was settled since the last withdrawal, or nothing ever.
    error NoProceeds(uint256 projectId);
    /// @notice A list has no room for more.
    error TooMany(uint256 given, uint256 limit);
    /// @notice Money sent to this contract could never leave it.
    error InvalidRefundAddress(address refundAddress);
    /// @notice For the contract's calls to itself.
    error OnlySelf();
    /// @notice {refundMany} ran so low on gas that a payment would fail for that reason alone.
    /// @param needed Gas that must be left before each payment
    error NotEnoughGas(uint256 needed);

    // The sale. Opening, early close and abandoning are the access manager's roles'; the rest is anyone's.

    /// @notice Opens the sale of a project in state Draft. There is no second one.
    function openSale(uint24 projectId, SaleTerms calldata terms) external;
    /// @notice Brings the close forward (17 CFR 227.304(b)): only while the target is reached, at least
    /// {EARLY_CLOSE_NOTICE} ahead, and not before the sale was open for {minOpenSeconds}.
    function announceEarlyClose(uint24 projectId, uint40 newClosesAt) external;
    /// @notice Gives the sale up before its close: it failed, everyone can have the money back.
    /// @param reason Hash of the explanation
    function abandonSale(uint24 projectId, bytes32 reason) external;
    /// @notice Decides the sale, once and for ever. When cancellations during an early close took it below its target,
    /// it goes on until the close of its terms instead. Depends on nothing but this contract.
    /// @return state Open when it goes on
    function finalize(uint24 projectId) external returns (SaleState state);
    /// @notice Tells the ledger the outcome again, should it have refused to hear it in {finalize}.
    function reportOutcome(uint24 projectId) external;

    // Commitments.

    /// @notice Commits the caller to `units` and takes their price into escrow.
    /// @param salt Any number the caller hasn't used in this sale; see {investmentIdOf}
    function commit(uint24 projectId, uint56 units, bytes32 salt) external returns (bytes32 investmentId);
    /// @notice As {commit}, with the caller's ERC-2612 permit for exactly the price. A permit that somebody sent before
    /// does no harm: the allowance is what counts.
    function commitWithPermit(
        uint24 projectId,
        uint56 units,
        bytes32 salt,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external returns (bytes32 investmentId);
    /// @notice Records what `buyer` paid elsewhere, once. Needs two keys, as every mint does that no escrow has the money
    /// of: a payment attestor's signature, and the ledger's role Minter to send it.
    /// @param signature 65 bytes, r ‖ s ‖ v with the lower s, of {hashOfFiatCommitment}
    function commitFiat(
        uint24 projectId,
        bytes32 investmentId,
        address buyer,
        uint56 units,
        uint40 deadline,
        bytes calldata signature
    ) external;
    /// @notice Takes a fiat commitment out again, because the buyer cancelled or the payment was taken back.
    /// @param signature As for {commitFiat}, of {hashOfFiatWithdrawal}
    function withdrawFiat(bytes32 investmentId, uint40 deadline, bytes calldata signature) external;
    /// @notice Pays the caller's commitment back and ends it.
    function cancel(bytes32 investmentId) external;
    /// @notice Where money that comes back to the caller goes; zero means to the caller. Nobody else can set it.
    function setRefundAddress(address refundAddress) external;

    // Afterwards. Anyone may call these.

    /// @notice Mints open commitments of a sale that succeeded. Those no longer open are passed over; those the ledger
    /// skips (it says why) stay open and can be tried again; those it minted under a voucher before are settled by it.
    /// At most 256.
    /// @return settledBitmap Bit i is set when `investmentIds[i]` was settled by this call
    function settle(uint24 projectId, bytes32[] calldata investmentIds) external returns (uint256 settledBitmap);
    /// @notice Pays a commitment back: when the sale failed, or {SETTLEMENT_GRACE} after a success that the ledger
    /// never minted it for. Nobody can pause or redirect it; the money goes to the buyer, or where the buyer said. One that
    /// the ledger did mint, under a voucher, is settled instead.
    /// @return refunded False when it was settled
    function refund(bytes32 investmentId) external returns (bool refunded);
    /// @notice {refund} for each; one that fails is skipped and can be tried later.
    /// @return refunded How many were paid back by this call
    function refundMany(bytes32[] calldata investmentIds) external returns (uint256 refunded);
    /// @notice Pays what settled commitments brought to the project's treasury.
    function withdrawProceeds(uint24 projectId) external returns (uint256 amount);

    // Views.

    /// @notice All zero when the project never had a sale.
    function saleOf(uint256 projectId) external view returns (Sale memory);
    /// @notice All zero when none was made under this id.
    function commitmentOf(bytes32 investmentId) external view returns (Commitment memory);
    /// @notice Units that the person or organisation behind `account` has committed to and not taken back.
    function committedUnitsOf(uint256 projectId, address account) external view returns (uint256);
    /// @notice Zero while the buyer set none.
    function refundAddressOf(address buyer) external view returns (address);
    /// @notice The id that {commit} gives. It names the buyer, so that nobody can use up another's.
    function investmentIdOf(uint24 projectId, address buyer, bytes32 salt) external view returns (bytes32);
    /// @notice EIP-712: FiatCommitment(uint24 projectId,bytes32 investmentId,address buyer,uint56 units,uint40 deadline).
    function hashOfFiatCommitment(
        uint24 projectId,
        bytes32 investmentId,
        address buyer,
        uint56 units,
        uint40 deadline
    ) external view returns (bytes32);
    /// @notice EIP-712: FiatWithdrawal(bytes32 investmentId,uint40 deadline).
    function hashOfFiatWithdrawal(bytes32 investmentId, uint40 deadline) external view returns (bytes32);
    /// @notice The ledger whose units it sells; fixed.
    function ledger() external view returns (ITerraLuminaOwnership);
    /// @notice Shortest time from opening to close, early or not (21 days: 17 CFR 227.304(b)(1)); fixed.
    function minOpenSeconds() external view returns (uint40);
    /// @notice Longest time from opening to close.
    function MAX_OPEN_SECONDS() external view returns (uint40);
    /// @notice Before the close, from when a commitment past its cooling-off can't be cancelled.
    function CANCEL_BEFORE_CLOSE() external view returns (uint40);
    /// @notice From the announcement of an early close to that close: a week has the five business days of
    /// 17 CFR 227.304(b)(3); around public holidays announce it earlier.
    function EARLY_CLOSE_NOTICE() external view returns (uint40);
    /// @notice From a successful {finalize} until what is not minted by then can be paid back.
    function SETTLEMENT_GRACE() external view returns (uint40);
}
