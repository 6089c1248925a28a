// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {ITerraLuminaSale} from "../ITerraLuminaSale.sol";
import {IERC7943MultiToken} from "../ledger/IERC7943MultiToken.sol";
import {ILedgerErrors} from "../ledger/ILedgerErrors.sol";
import {ILedgerTypes} from "../ledger/ILedgerTypes.sol";
import {SaleBook} from "./SaleBook.sol";

/// @title Commitments while the sale is open: made in escrow or on an attestor's word, and taken back.
abstract contract Commitments is SaleBook, EIP712 {
    using SafeERC20 for IERC20;

    bytes32 private constant COMMITMENT_TYPEHASH = keccak256(
        "FiatCommitment(uint24 projectId,bytes32 investmentId,address buyer,uint56 units,uint40 deadline)"
    );
    bytes32 private constant WITHDRAWAL_TYPEHASH = keccak256("FiatWithdrawal(bytes32 investmentId,uint40 deadline)");
    /// @dev ISO 3166-1 numeric codes have three digits; the ledger's list has room for these.
    uint256 private constant COUNTRIES = 1024;

    /// @inheritdoc ITerraLuminaSale
    function commit(uint24 projectId, uint56 units, bytes32 salt)
        external
        nonReentrant
        returns (bytes32 investmentId)
    {
        return _commit(projectId, _msgSender(), units, salt);
    }

    /// @inheritdoc ITerraLuminaSale
    function commitWithPermit(
        uint24 projectId,
        uint56 units,
        bytes32 salt,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external nonReentrant returns (bytes32 investmentId) {
        address buyer = _msgSender();
        SaleTerms storage terms = _saleIn(projectId, SaleState.Open).terms;
        uint256 price = uint256(units) * terms.pricePerUnit;
        // It fails when somebody took it from the mempool and used it first: then the allowance is there already.
        try IERC20Permit(terms.currency).permit(buyer, address(this), price, deadline, v, r, s) {} catch {}
        return _commit(projectId, buyer, units, salt);
    }

    /// @inheritdoc ITerraLuminaSale
    function commitFiat(
        uint24 projectId,
        bytes32 investmentId,
        address buyer,
        uint56 units,
        uint40 deadline,
        bytes calldata signature
    ) external nonReentrant {
        if (ledger.roleOf(msg.sender) != ILedgerTypes.Role.Minter) {
            revert ILedgerErrors.MissingRole(msg.sender, ILedgerTypes.Role.Minter);
        }
        if (investmentId == 0) revert InvalidInvestmentId();
        _requireAttested(hashOfFiatCommitment(projectId, investmentId, buyer, units, deadline), deadline, signature);
        _record(projectId, investmentId, buyer, units, Method.Fiat);
    }

    /// @inheritdoc ITerraLuminaSale
    function withdrawFiat(bytes32 investmentId, uint40 deadline, bytes calldata signature) external nonReentrant {
        _requireAttested(hashOfFiatWithdrawal(investmentId, deadline), deadline, signature);
        CommitmentRecord storage commitment = _openCommitment(investmentId);
        if (commitment.method != Method.Fiat) revert WrongMethod(investmentId, commitment.method);
        _cancel(investmentId, commitment);
    }

    /// @inheritdoc ITerraLuminaSale
    function cancel(bytes32 investmentId) external nonReentrant {
        CommitmentRecord storage commitment = _openCommitment(investmentId);
        if (commitment.buyer != _msgSender()) revert NotTheBuyer(investmentId, commitment.buyer);
        if (commitment.method != Method.Escrow) revert WrongMethod(investmentId, commitment.method);
        SaleRecord storage sale = _saleIn(commitment.projectId, SaleState.Open);
        uint40 until = _cancellableUntil(sale, commitment);
        if (block.timestamp >= until) revert CancellationOver(investmentId, until);
        _cancel(investmentId, commitment);
    }

    /// @inheritdoc ITerraLuminaSale
    function setRefundAddress(address refundAddress) external {
        if (refundAddress == address(this)) revert InvalidRefundAddress(refundAddress);
        refundAddressOf[_msgSender()] = refundAddress;
        emit RefundAddressSet(_msgSender(), refundAddress);
    }

    /// @inheritdoc ITerraLuminaSale
    function investmentIdOf(uint24 projectId, address buyer, bytes32 salt) public view returns (bytes32) {
        return keccak256(abi.encode(block.chainid, address(this), projectId, buyer, salt));
    }

    /// @inheritdoc ITerraLuminaSale
    function hashOfFiatCommitment(
        uint24 projectId,
        bytes32 investmentId,
        address buyer,
        uint56 units,
        uint40 deadline
    ) public view returns (bytes32) {
        return _hashTypedDataV4(
            keccak256(abi.encode(COMMITMENT_TYPEHASH, projectId, investmentId, buyer, units, deadline))
        );
    }

    /// @inheritdoc ITerraLuminaSale
    function hashOfFiatWithdrawal(bytes32 investmentId, uint40 deadline) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(WITHDRAWAL_TYPEHASH, investmentId, deadline)));
    }

    function _commit(uint24 projectId, address buyer, uint56 units, bytes32 salt)
        private
        returns (bytes32 investmentId)
    {
        investmentId = investmentIdOf(projectId, buyer, salt);
        uint256 amount = _record(projectId, investmentId, buyer, units, Method.Escrow);
        IERC20 currency = IERC20(_sales[projectId].terms.currency);
        uint256 before = currency.balanceOf(address(this));
        currency.safeTransferFrom(buyer, address(this), amount);
        uint256 received = currency.balanceOf(address(this)) - before;
        if (received != amount) revert UnexpectedTokenAmount(amount, received);
    }

    function _record(uint24 projectId, bytes32 investmentId, address buyer, uint56 units, Method method)
        private
        returns (uint256 amount)
    {
        SaleRecord storage sale = _saleIn(projectId, SaleState.Open);
        if (block.timestamp < sale.terms.opensAt || block.timestamp >= sale.closesAt) {
            revert OutsideOpeningPeriod(projectId, sale.terms.opensAt, sale.closesAt);
        }
        if (units == 0) revert ZeroUnits(investmentId);
        CommitmentRecord storage commitment = _commitments[investmentId];
        if (commitment.state != CommitmentState.None) revert InvestmentIdUsed(investmentId);
        _requireEligible(projectId, buyer);
        commitment.buyer = buyer;
        commitment.units = units;
        commitment.committedAt = uint40(block.timestamp);
        commitment.investor = _investorOf(buyer);
        commitment.projectId = projectId;
        commitment.state = CommitmentState.Open;
        commitment.method = method;
        _enter(sale, commitment);
        amount = _amountOf(sale, commitment);
        emit Committed(investmentId, projectId, buyer, units, amount, method, sale.openUnits);
    }

    function _cancel(bytes32 investmentId, CommitmentRecord storage commitment) private {
        (uint24 projectId, address buyer, uint56 units) = (commitment.projectId, commitment.buyer, commitment.units);
        SaleRecord storage sale = _sales[projectId];
        uint256 amount = _leave(sale, commitment, CommitmentState.Cancelled);
        address paidTo = _payBack(sale, buyer, amount);
        emit CommitmentCancelled(investmentId, projectId, buyer, units, amount, paidTo, sale.openUnits);
    }

    /// @dev The ledger checks everything again when it mints. Asked here so that nobody's money waits in vain.
    function _requireEligible(uint24 projectId, address buyer) private view {
        bool allowed = IERC7943MultiToken(address(ledger)).canReceive(buyer);
        if (!allowed || _isBlocked(projectId, ledger.accountOf(buyer).country)) {
            revert BuyerNotEligible(projectId, buyer);
        }
    }

    /// @dev As the ledger does: once a project blocks any country, a code that no country has is blocked too.
    function _isBlocked(uint24 projectId, uint256 country) private view returns (bool) {
        uint256[4] memory blocked = ledger.blockedCountriesOf(projectId);
        if (country >= COUNTRIES) return blocked[0] | blocked[1] | blocked[2] | blocked[3] != 0;
        return (blocked[country >> 8] >> (country & 255)) & 1 != 0;
    }

    /// @dev A high s is refused, and what was signed for another contract or chain has another hash.
    function _requireAttested(bytes32 hash, uint40 deadline, bytes calldata signature) private view {
        if (block.timestamp > deadline) revert SignatureExpired(deadline);
        // Zero, which has no role, for what is no signature.
        (address signer,,) = ECDSA.tryRecoverCalldata(hash, signature);
        if (ledger.roleOf(signer) != ILedgerTypes.Role.PaymentAttestor) revert InvalidAttestation(signer);
    }
}
