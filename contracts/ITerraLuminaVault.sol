// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Custody of payout tokens: takes them when a distribution opens, pays them out when holders claim.
/// @notice Amounts are base units of the project's payout token, if nothing else is said; times are unix seconds.
/// Nobody can pause it. Money leaves it only to the holder, to the address the holder chose, or, after a deadline
/// published long before, to the project's fixed treasury.
interface ITerraLuminaVault {
    /// @param reportHash SHA-256 of the report behind the payout (what was generated, sold and deducted)
    event ReturnsDistributed(
        uint256 indexed projectId,
        uint256 indexed epoch,
        address token,
        uint256 amount,
        bytes32 reportHash,
        string reportUri,
        bytes32 indexed distributionId
    );
    /// @param uptoEpoch Everything up to this epoch is paid now
    event DistributionClaimed(
        uint256 indexed projectId, address indexed holder, uint256 uptoEpoch, uint256 amount, address paidTo
    );
    /// @notice The payment to this holder failed and was left out; nothing was lost.
    event ClaimSkipped(uint256 indexed projectId, address indexed holder);
    /// @notice Zero means the holder's own address.
    event PayoutAddressSet(address indexed holder, address payoutAddress);
    /// @param allowed Whether distributions may be made in it from now on
    event TokenAllowedSet(address indexed token, bool allowed);
    /// @notice A payout was made outside the chain to those who had units at `epoch`. The contract holds none of it.
    /// @param root Root over (holder, amount), see {isPaidOffchain}
    /// @param total Minor units of `currency`, e.g. cents
    /// @param currency ISO 4217 code
    /// @param reportHash SHA-256 of the report that lists the payments
    event OffchainDistributionAttested(
        bytes32 indexed attestationId,
        uint256 indexed projectId,
        uint256 indexed epoch,
        bytes32 root,
        uint256 total,
        string currency,
        bytes32 reportHash,
        string uri
    );
    /// @notice What was distributed up to `uptoEpoch` and nobody claims can go to the treasury from `notBefore` on.
    event ClawbackAnnounced(uint256 indexed projectId, uint256 uptoEpoch, uint256 notBefore);
    /// @notice Nothing goes back without a new announcement and its deadline.
    event ClawbackCancelled(uint256 indexed projectId);
    /// @notice The holder's claim up to this epoch ended; its money went to the treasury.
    event DistributionClawedBack(
        uint256 indexed projectId, address indexed holder, uint256 uptoEpoch, uint256 amount, address treasury
    );

    /// @notice A distribution of nothing.
    error ZeroAmount();
    /// @param token Payout token of the project; zero when there is no such project
    error TokenNotAllowed(uint256 projectId, address token);
    /// @notice It is no contract, so it can't be allowed.
    error InvalidToken(address token);
    /// @notice The token keeps a part of what it moves; entitlements would exceed the money.
    error UnexpectedTokenAmount(uint256 expected, uint256 received);
    /// @notice See {distributionOf} for what it opened.
    error DistributionAlreadyMade(bytes32 distributionId);
    /// @param projectId The first that was asked for
    error NothingToClaim(uint256 projectId, address holder);
    /// @notice Money sent there would be lost.
    error InvalidPayoutAddress(address payoutAddress);
    /// @notice A list is longer than one call may take.
    error TooMany(uint256 given, uint256 limit);
    /// @notice {claimMany} ran so low on gas that a payment would fail for that reason alone.
    /// @param needed Gas that must be left before each payment
    error NotEnoughGas(uint256 needed);
    /// @notice For the contract's calls to itself.
    error OnlySelf();
    /// @notice See {offchainDistributionOf} for what it says.
    error AttestationAlreadyMade(bytes32 attestationId);
    /// @notice Id, root or total is zero, or the total is 2^128 or more.
    error InvalidAttestation(bytes32 attestationId);
    /// @notice Not three capital letters.
    error InvalidCurrency(string currency);
    /// @notice The project has no such epoch.
    error EpochNotOpened(uint256 projectId, uint256 epoch);
    /// @param earliest Now plus {minClawbackSeconds}
    error ClawbackTooEarly(uint256 notBefore, uint256 earliest);
    /// @notice No deadline was published, or it was taken back.
    error ClawbackNotAnnounced(uint256 projectId);
    /// @param until Unix second from which it is possible
    error ClawbackDeadlineRunning(uint256 projectId, uint256 until);
    /// @notice Money was distributed after the announced epoch; it needs an announcement of its own.
    error NewerDistribution(uint256 projectId, uint256 uptoEpoch, uint256 newestEpoch);
    /// @notice The project has no treasury to give money back to.
    error NoTreasury(uint256 projectId);

    // Distributions: the treasurer's job.

    /// @notice Takes `amount` from the caller and shares it among today's holders, in one transaction.
    /// @param distributionId Makes a repeat harmless: the same id again reverts {DistributionAlreadyMade}
    /// @param amount Below 2^112
    function distributeReturns(
        bytes32 distributionId,
        uint24 projectId,
        uint256 amount,
        bytes32 reportHash,
        string calldata reportUri
    ) external returns (uint24 epoch);
    /// @notice A distribution that buys the holders out: as {distributeReturns}, and the announced exit begins with it.
    /// Reverts as a whole when the exit can't begin.
    function buyOut(
        bytes32 distributionId,
        uint24 projectId,
        uint256 amount,
        bytes32 reportHash,
        string calldata reportUri
    ) external returns (uint24 epoch);
    /// @notice By the access manager's roles: which ERC-20s distributions may be made in; none whose balances
    /// change by themselves should be. Claims go on after a token was taken off the list.
    function setTokenAllowed(address token, bool allowed) external;

    // Claims: nobody can stop them.

    /// @notice Pays the caller everything due in the listed projects. Projects with nothing due are passed over;
    /// when nothing at all is due it reverts {NothingToClaim}. At most 256.
    /// @return paid The sum over the projects, whatever their tokens
    function claim(uint24[] calldata projectIds) external returns (uint256 paid);
    /// @notice Pays `holder` what is due; anyone may call, the money goes where {payoutAddressOf} says. What a retired wallet
    /// has due goes where its last successor said, in {claim} and {claimMany} too.
    /// @return paid Base units of the project's payout token
    function claimFor(uint24 projectId, address holder) external returns (uint256 paid);
    /// @notice Pays many; one that fails is skipped and can claim later. At most 256.
    function claimMany(uint24 projectId, address[] calldata holders) external returns (uint256 paid);
    /// @notice Where the caller's claims are paid from now on, whoever makes them. Zero means to the caller.
    function setPayoutAddress(address payoutAddress) external;

    // Payouts outside the chain: the treasurer's job. No money moves here.

    /// @notice Fixes who has how many units now, for a payout outside the chain; the ledger keeps it under the epoch.
    function openRecordDate(uint24 projectId) external returns (uint24 epoch);
    /// @notice Puts on record that a payout was made outside the chain to the holders of an epoch. Once per id.
    /// @param epoch Whose balances were paid: {openRecordDate}, or any other that was opened
    /// @param root Root of an OpenZeppelin standard Merkle tree over (address holder, uint256 amount)
    /// @param total Minor units of `currency`, e.g. cents; below 2^128
    /// @param currency ISO 4217 code: three capital letters
    /// @param reportHash SHA-256 of the report that lists the payments
    function attestOffchain(
        bytes32 attestationId,
        uint24 projectId,
        uint24 epoch,
        bytes32 root,
        uint256 total,
        string calldata currency,
        bytes32 reportHash,
        string calldata uri
    ) external;

    // Clawback of what nobody claims. By the access manager's roles.

    /// @notice Publishes the deadline after which unclaimed money may go back to the project's treasury. Replaces an
    /// earlier announcement, and with it its deadline.
    /// @param uptoEpoch The project's newest epoch with money, or one after it. A clawback takes all that a holder has
    /// due, so it is possible only while nothing was distributed later: all of it had the whole deadline.
    /// @param notBefore At least {minClawbackSeconds} from now
    function announceClawback(uint24 projectId, uint24 uptoEpoch, uint40 notBefore) external;
    /// @notice Takes the announcement back.
    function cancelClawback(uint24 projectId) external;
    /// @notice After the deadline, sends what the listed holders have not claimed to the project's treasury. Others, and
    /// whoever claimed before, are untouched; accounts that can't claim because they are frozen are skipped, their money
    /// waits, and so is the community DAO of an exit, whose income stays its own. At most 256.
    /// @return returned Base units of the payout token sent to the treasury
    function clawback(uint24 projectId, address[] calldata holders) external returns (uint256 returned);

    // Views.

    /// @notice The epoch that a distribution opened; epoch 0 when there is none under this id.
    function distributionOf(bytes32 distributionId) external view returns (uint24 projectId, uint24 epoch);
    /// @notice Whether distributions may be made in this ERC-20 now.
    function isTokenAllowed(address token) external view returns (bool);
    /// @notice Where claims of `holder` are paid: the holder's own address if nothing else was set.
    function payoutAddressOf(address holder) external view returns (address);
    /// @notice All zero when there is none under this id. Members as in {OffchainDistributionAttested}.
    function offchainDistributionOf(bytes32 attestationId)
        external
        view
        returns (uint24 projectId, uint24 epoch, bytes32 root, uint256 total, string memory currency);
    /// @notice Whether the attestation lists this very payment. `amount` in minor units of its currency.
    /// @dev A leaf is keccak256(keccak256(abi.encode(holder, amount))), as in OpenZeppelin's merkle-tree library.
    function isPaidOffchain(bytes32 attestationId, address holder, uint256 amount, bytes32[] calldata proof)
        external
        view
        returns (bool);
    /// @notice The announcement that stands; all zero when there is none.
    function clawbackOf(uint256 projectId) external view returns (uint24 uptoEpoch, uint40 notBefore);
    /// @notice Shortest time between the announcement of a clawback and the clawback; fixed.
    function minClawbackSeconds() external view returns (uint40);
    /// @notice The ledger whose holders it pays; fixed.
    function ledger() external view returns (address);
}
