// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {ITerraLuminaOwnership} from "../ITerraLuminaOwnership.sol";
import {ITerraLuminaSale} from "../ITerraLuminaSale.sol";
import {Callers} from "../access/Callers.sol";
import {requireDeployed} from "../access/Deployed.sol";

/// @title What the sale stores, and the only two ways in which a commitment begins and ceases to count.
/// @dev Every function that moves money or commitments is `nonReentrant`: between a call out and what is booked after
/// it, nothing else can be booked.
abstract contract SaleBook is ITerraLuminaSale, Callers, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    /// @dev Members as in {ISaleTypes-Sale}.
    /// @param lastCommittedAt When the newest commitment was made: the last whose cooling-off ends
    /// @param maxInvestors The project's most holders; 0 means no limit
    struct SaleRecord {
        SaleTerms terms;
        address treasury;
        uint40 closesAt;
        uint40 lastCommittedAt;
        SaleState state;
        uint40 finalizedAt;
        uint56 openUnits;
        uint56 openFiatUnits;
        uint56 settledUnits;
        uint32 investors;
        uint32 maxInvestors;
        uint256 escrow;
        uint256 proceeds;
    }

    /// @dev What it cost is units × price, which never changes.
    /// @param investor See {_investorOf}
    struct CommitmentRecord {
        address buyer;
        uint56 units;
        uint40 committedAt;
        uint160 investor;
        uint24 projectId;
        CommitmentState state;
        Method method;
    }

    /// @inheritdoc ITerraLuminaSale
    uint40 public constant CANCEL_BEFORE_CLOSE = 48 hours;

    /// @inheritdoc ITerraLuminaSale
    ITerraLuminaOwnership public immutable ledger;

    mapping(uint256 projectId => SaleRecord) internal _sales;
    mapping(bytes32 investmentId => CommitmentRecord) internal _commitments;
    mapping(uint256 projectId => mapping(uint160 investor => uint56 units)) internal _unitsOf;
    /// @inheritdoc ITerraLuminaSale
    mapping(address buyer => address) public refundAddressOf;

    /// @param authority Access manager
    /// @param forwarder ERC-2771 forwarder; fixed
    /// @param ledger_ Whose units are sold; fixed
    constructor(address authority, address forwarder, ITerraLuminaOwnership ledger_)
        Callers(authority, forwarder)
    {
        requireDeployed(address(ledger_));
        ledger = ledger_;
    }

    /// @dev The sale, which must be in this state.
    function _saleIn(uint256 projectId, SaleState state) internal view returns (SaleRecord storage sale) {
        sale = _sales[projectId];
        if (sale.state != state) revert WrongSaleState(projectId, sale.state);
    }

    function _openCommitment(bytes32 investmentId) internal view returns (CommitmentRecord storage commitment) {
        commitment = _commitments[investmentId];
        CommitmentState state = commitment.state;
        if (state == CommitmentState.None) revert UnknownCommitment(investmentId);
        if (state != CommitmentState.Open) revert CommitmentNotOpen(investmentId, state);
    }

    /// @dev Who counts as one: the person or organisation behind the address, or the address if the ledger names none.
    function _investorOf(address account) internal view returns (uint160) {
        uint64 investorId = ledger.accountOf(account).investorId;
        return investorId == 0 ? uint160(account) : investorId;
    }

    /// @dev What it has in escrow.
    function _amountOf(SaleRecord storage sale, CommitmentRecord storage commitment) internal view returns (uint256) {
        return commitment.method == Method.Fiat ? 0 : uint256(commitment.units) * sale.terms.pricePerUnit;
    }

    /// @dev The buyer's right to cancel ends here.
    function _cancellableUntil(SaleRecord storage sale, CommitmentRecord storage commitment)
        internal
        view
        returns (uint40)
    {
        return _later(sale.closesAt - CANCEL_BEFORE_CLOSE, commitment.committedAt + sale.terms.coolingOffSeconds);
    }

    /// @dev Not before the end of any right to cancel.
    function _finalizableAt(SaleRecord storage sale) internal view returns (uint40) {
        return _later(sale.closesAt, sale.lastCommittedAt + sale.terms.coolingOffSeconds);
    }

    /// @dev An open commitment begins to count.
    function _enter(SaleRecord storage sale, CommitmentRecord storage commitment) internal {
        uint24 projectId = commitment.projectId;
        SaleTerms storage terms = sale.terms;
        uint256 open = uint256(sale.openUnits) + commitment.units;
        if (open > terms.hardCapUnits) revert HardCapExceeded(projectId, terms.hardCapUnits, open);
        sale.openUnits = uint56(open);
        if (commitment.method == Method.Fiat) {
            uint256 fiat = uint256(sale.openFiatUnits) + commitment.units;
            if (fiat > terms.maxFiatUnits) revert FiatLimitExceeded(projectId, terms.maxFiatUnits, fiat);
            sale.openFiatUnits = uint56(fiat);
        }
        sale.escrow += _amountOf(sale, commitment);
        sale.lastCommittedAt = commitment.committedAt;
        _countInvestor(sale, commitment);
    }

    /// @dev An open commitment ceases to count, its units to be neither sold nor reserved.
    /// @return amount What was in escrow for it; the caller's to pay out
    function _leave(SaleRecord storage sale, CommitmentRecord storage commitment, CommitmentState state)
        internal
        returns (uint256 amount)
    {
        amount = _close(sale, commitment, state);
        uint56 units = _unitsOf[commitment.projectId][commitment.investor] - commitment.units;
        _unitsOf[commitment.projectId][commitment.investor] = units;
        if (units == 0) --sale.investors;
    }

    /// @dev An open commitment is open no more.
    function _close(SaleRecord storage sale, CommitmentRecord storage commitment, CommitmentState state)
        internal
        returns (uint256 amount)
    {
        amount = _amountOf(sale, commitment);
        commitment.state = state;
        sale.openUnits -= commitment.units;
        if (commitment.method == Method.Fiat) sale.openFiatUnits -= commitment.units;
        sale.escrow -= amount;
    }

    /// @dev Pays money out of escrow to the buyer, or where the buyer said.
    function _payBack(SaleRecord storage sale, address buyer, uint256 amount) internal returns (address paidTo) {
        if (amount == 0) return address(0);
        address set = refundAddressOf[buyer];
        paidTo = set == address(0) ? buyer : set;
        IERC20(sale.terms.currency).safeTransfer(paidTo, amount);
    }

    function _later(uint40 a, uint40 b) internal pure returns (uint40) {
        return a > b ? a : b;
    }

    function _countInvestor(SaleRecord storage sale, CommitmentRecord storage commitment) private {
        uint24 projectId = commitment.projectId;
        uint56 before = _unitsOf[projectId][commitment.investor];
        uint256 units = uint256(before) + commitment.units;
        uint56 limit = sale.terms.maxUnitsPerInvestor;
        if (limit != 0 && units > limit) revert InvestorLimitExceeded(projectId, limit, units);
        // At most the hard cap, which has 56 bits.
        _unitsOf[projectId][commitment.investor] = uint56(units);
        if (before != 0) return;
        uint32 investors = sale.investors + 1;
        if (sale.maxInvestors != 0 && investors > sale.maxInvestors) {
            revert TooManyInvestors(projectId, sale.maxInvestors);
        }
        sale.investors = investors;
    }
}
