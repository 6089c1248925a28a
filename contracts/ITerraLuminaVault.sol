// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Custody of payout money: takes it when a distribution opens, pays it out when holders claim.
/// @notice Amounts are base units of the project's payout token.
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
    /// @notice {claimMany} left this holder out because the token refused the payment; nothing was lost.
    event ClaimSkipped(uint256 indexed projectId, address indexed holder);

    /// @notice A distribution of nothing.
    error ZeroAmount();
    /// @param projectId The first that was asked for
    error NothingToClaim(uint256 projectId, address holder);
    /// @notice The token keeps a part of what it moves; entitlements would exceed the money.
    error UnexpectedTokenAmount(uint256 expected, uint256 received);
    /// @notice For the contract's calls to itself.
    error OnlySelf();
    /// @notice {claimMany} ran so low on gas that a payment would fail for that reason alone.
    error NotEnoughGas();
    /// @notice See {distributionOf} for what it opened.
    error DistributionAlreadyMade(bytes32 distributionId);

    /// @notice Takes `amount` from the caller and shares it among today's holders, in one transaction.
    /// @param distributionId Makes a repeat harmless: the same id again reverts {DistributionAlreadyMade}
    function distributeReturns(
        bytes32 distributionId,
        uint24 projectId,
        uint256 amount,
        bytes32 reportHash,
        string calldata reportUri
    ) external returns (uint24 epoch);

    /// @notice Pays the caller everything due in the listed projects. Projects with nothing due are passed over;
    /// when nothing at all is due it reverts {NothingToClaim}.
    function claim(uint24[] calldata projectIds) external returns (uint256 paid);

    /// @notice Pays `holder` what is due; anyone may call, the money goes to the holder.
    function claimFor(uint24 projectId, address holder) external returns (uint256 paid);

    /// @notice Pays many; one that fails is skipped and can claim later.
    function claimMany(uint24 projectId, address[] calldata holders) external returns (uint256 paid);

    /// @notice The epoch that a distribution opened; epoch 0 when there is none under this id.
    function distributionOf(bytes32 distributionId) external view returns (uint24 projectId, uint24 epoch);
    /// @notice The ledger whose holders it pays; fixed.
    function ledger() external view returns (address);
}
